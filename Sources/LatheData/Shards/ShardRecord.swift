import LatheComponents

/// What is known of a shard, kept beside its tokens until all are done: with it they need not be made again after an interruption.
struct ShardRecord: Sendable {
    /// The token file.
    var file: FileRecord
    /// Tokens.
    var count = 0
    /// Those of them that are scored.
    var scoredTokens = 0
    /// The bytes of the first.
    var firstTokenBytes = 0
    /// Segments in which tokens begin, and the first token of each, counted from the shard's.
    var segments: [Int] = []
    var firstTokens: [Int] = []
    /// Segments with unknown words, and what their spelling costs.
    var spelledSegments: [Int] = []
    var spellingNats: [Double] = []
    /// How often each byte occurs.
    var byteCounts = [Int](repeating: 0, count: 256)
    /// Which ids occur, a bit each.
    var usedIDs: [UInt64] = []
    /// Where documents end, in tokens from the shard's first.
    var documentEnds: [Int] = []
    /// Which runs of words of the validation text occur, a bit for each slot of the table.
    var overlap: [UInt64] = []

    init(file: FileRecord) { self.file = file }

    /// The record of a shard; nil where it has to be made.
    ///
    /// - Parameter isChecked: whether the token file is known to be what it was; it is hashed otherwise.
    init?(folder: String, shard: Shard, isChecked: Bool) {
        guard let bytes = readSmallFile(folder + "/" + Self.name(shard)), let line = bytes.firstIndex(of: 0x0a) else {
            return nil
        }
        let head = String(decoding: bytes[..<line], as: UTF8.self).split(separator: " ")
        guard head.count == 3, let size = Int(head[0]), sha256(bytes[(line + 1)...]) == head[2],
            let file = try? MappedFile(folder + "/" + shard.fileName), file.bytes.count == size,
            isChecked || file.withBytes({ sha256($0) }) == head[1]
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

    /// Writes the record, after its token file.
    func write(to folder: String, shard: Shard) throws(DataError) {
        func signed(_ bits: [UInt64]) -> [Int] { bits.map { Int(Int64(bitPattern: $0)) } }
        let lists = [
            [count, scoredTokens, firstTokenBytes], segments, firstTokens, spelledSegments,
            signed(spellingNats.map(\.bitPattern)), byteCounts, signed(usedIDs), documentEnds, signed(overlap),
        ]
        let body = lists.flatMap { littleEndian([$0.count] + $0) }
        let bytes = Array("\(file.bytes) \(file.sha256) \(sha256(body))\n".utf8) + body
        let path = folder + "/" + Self.name(shard)
        try FileWriter.write(bytes, to: path + ".partial")
        guard renameFile(path + ".partial", path) else {
            throw DataError(path, "the cache cannot be written: \(lastSystemError())")
        }
    }

    /// The name of a shard's record.
    static func name(_ shard: Shard) -> String { shard.fileName + suffix }

    /// What the names of records end with.
    static let suffix = ".record"
}
