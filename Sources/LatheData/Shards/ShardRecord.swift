import LatheSystem
import LatheComponents

/// Facts about a shard, stored with its tokens until the entry is complete, so that an interruption does not lose them.
struct ShardRecord: Sendable {
    var file: FileRecord
    var count = 0
    /// How many of the tokens are scored.
    var scoredTokens = 0
    /// Bytes of the first token.
    var firstTokenBytes = 0
    /// Segments in which tokens begin, and the first token of each, counted from the start of the shard.
    var segments: [Int] = []
    var firstTokens: [Int] = []
    /// Segments with unknown words, and what spelling them out costs in each, in nats.
    var spelledSegments: [Int] = []
    var spellingNats: [Double] = []
    var byteCounts = [Int](repeating: 0, count: 256)
    /// One bit per id: whether it occurs.
    var usedIDs: [UInt64] = []
    /// Where documents end, in tokens from the start of the shard.
    var documentEnds: [Int] = []
    /// N-grams of the validation text that occur: one bit per slot of the table.
    var overlap: [UInt64] = []

    init(file: FileRecord) { self.file = file }

    /// Reads the record of a shard; nil if the shard has to be made.
    ///
    /// - Parameter isChecked: whether the token file is known to be unchanged; if not, it is hashed.
    init?(folder: String, shard: Shard, isChecked: Bool) {
        guard let bytes = DurableFile.bytes(folder + "/" + Self.name(shard)), let line = bytes.firstIndex(of: 0x0a)
        else {
            return nil
        }
        let head = String(decoding: bytes[..<line], as: UTF8.self).split(separator: " ")
        guard head.count == 3, let size = Int(head[0]), SHA256.hexadecimal(of: bytes[(line + 1)...]) == head[2],
            let file = try? MappedFile(folder + "/" + shard.fileName), file.bytes.count == size,
            isChecked || file.withBytes({ SHA256.hexadecimal(of: $0) }) == head[1]
        else { return nil }
        self.init(file: FileRecord(bytes: size, sha256: String(head[1])))
        var rest = bytes[(line + 1)...].withUnsafeBytes { raw in
            stride(from: 0, to: raw.count - 7, by: 8).map {
                Int(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Int64.self)))
            }[...]
        }
        func list() -> [Int] {
            let count = min(rest.popFirst() ?? 0, rest.count)
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        let numbers = list()
        guard numbers.count == 3 else { return nil }
        (count, scoredTokens, firstTokenBytes) = (numbers[0], numbers[1], numbers[2])
        segments = list()
        firstTokens = list()
        spelledSegments = list()
        spellingNats = list().map { Double(bitPattern: UInt64(bitPattern: Int64($0))) }
        byteCounts = list()
        usedIDs = list().map { UInt64(bitPattern: Int64($0)) }
        documentEnds = list()
        overlap = list().map { UInt64(bitPattern: Int64($0)) }
        guard byteCounts.count == 256 else { return nil }
    }

    func write(to folder: String, shard: Shard) throws(DataError) {
        func signed(_ bits: [UInt64]) -> [Int] { bits.map { Int(Int64(bitPattern: $0)) } }
        let lists = [
            [count, scoredTokens, firstTokenBytes], segments, firstTokens, spelledSegments,
            signed(spellingNats.map(\.bitPattern)), byteCounts, signed(usedIDs), documentEnds, signed(overlap),
        ]
        let body = lists.flatMap { littleEndian([$0.count] + $0) }
        let bytes = Array("\(file.bytes) \(file.sha256) \(SHA256.hexadecimal(of: body))\n".utf8) + body
        let path = folder + "/" + Self.name(shard)
        try FileWriter.write(bytes, to: path + ".partial")
        do throws(FileError) { try DurableFile.move(path + ".partial", to: path) } catch {
            throw DataError(path, "the cache cannot be written: \(error.reason)")
        }
    }

    static func name(_ shard: Shard) -> String { shard.fileName + suffix }

    static let suffix = ".record"
}
