import LatheComponents
import LatheSpec

/// The text of a source after cleaning, all documents one after the other.
struct CleanText: Sendable {
    /// Raised when the same source and cleaning give another text, or an entry another form.
    static let revision = 1

    /// What is known of a text; kept beside it.
    struct Card: Codable, Sendable {
        var characters: Int
        var documents: Int
        var sha256: String
        var changes: [CleaningChange]
    }

    let file: MappedFile
    let card: Card
    /// Where each document ends, in bytes.
    let documentEnds: [Int]

    init(_ entry: CacheEntry) throws {
        card = try entry.read("card.json", Card.self)
        file = try entry.map("text.utf8")
        let ends = try entry.map("documents.int64")
        documentEnds = ends.withBytes(integers)
        guard documentEnds.count == card.documents else { throw DamagedEntry() }
    }

    /// Reads, cleans and writes a text.
    static func build(
        _ request: DataRequest, _ corpus: Corpus, in builder: EntryBuilder, progress: ProgressHandler
    ) throws {
        let total = corpus.bytes ?? corpus.files.reduce(0) { $0 + (FileIdentity(path: $1.path)?.size ?? 0) }
        var cleaners = try request.cleaning.map { try $0.make().makeCleaner() }
        let text = try builder.writer("text.utf8")
        var ends: [Int] = []
        var characters = 0, read = 0
        try progress(PreparationProgress(.cleaning, done: 0, total: total))
        var reader = try corpus.reader()
        while var passage = try reader.next() {
            read += passage.text.utf8.count
            for i in cleaners.indices { try cleaners[i].clean(&passage) }
            try passage.text.withUTF8 { utf8 in
                characters += characterCount(utf8)
                try text.append(UnsafeRawBufferPointer(utf8))
            }
            if passage.endsDocument { ends.append(text.count) }
            try progress(PreparationProgress(.cleaning, done: read, total: total))
        }
        guard text.count > 0 else {
            throw DataError(
                corpus.files.first?.path ?? "source '\(request.source.name)'",
                read == 0
                    ? "holds no text"
                    : "nothing is left of its \(read) bytes after cleaning; take out a step of data.cleaning")
        }
        if ends.last != text.count { ends.append(text.count) }
        let record = try builder.finish("text.utf8", text)
        try builder.write("documents.int64", littleEndian(ends))
        let changes = zip(request.cleaning, cleaners).flatMap { step, cleaner in
            cleaner.changes.map { CleaningChange(step: step.name, what: $0.name, count: $0.count) }
        }
        try builder.write(
            "card.json",
            json: Card(characters: characters, documents: ends.count, sha256: record.sha256, changes: changes))
    }
}

/// What a cleaning step did.
public struct CleaningChange: Codable, Sendable, Hashable {
    /// The step's name.
    public var step: String
    /// What was changed: `characters_dropped`.
    public var what: String
    /// How often.
    public var count: Int
}

/// The Unicode scalars of UTF-8: all bytes but those that continue one.
func characterCount(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in utf8 { count += byte & 0xc0 == 0x80 ? 0 : 1 }
    return count
}

/// Where the character with this number begins, or the end of the text.
func byteOffset(ofCharacter number: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
    var rest = number, position = 0
    // Blocks first, so that most of the work is counting.
    while position + 4096 <= utf8.count {
        let count = characterCount(UnsafeBufferPointer(rebasing: utf8[position..<(position + 4096)]))
        if count > rest { break }
        rest -= count
        position += 4096
    }
    while position < utf8.count {
        if utf8[position] & 0xc0 != 0x80 {
            if rest == 0 { return position }
            rest -= 1
        }
        position += 1
    }
    return position
}

/// Numbers as little-endian bytes.
func littleEndian(_ values: [Int]) -> [UInt8] {
    values.map { Int64($0).littleEndian }.withUnsafeBytes { Array($0) }
}

/// Numbers from little-endian bytes.
func integers(_ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    let raw = UnsafeRawBufferPointer(bytes)
    return (0..<(bytes.count / 8)).map {
        Int(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)))
    }
}
