import LatheComponents
import LatheSpec
import LatheSystem

/// A source's text after cleaning: all documents, one after another.
struct CleanText: Sendable {
    /// Raise this when the same source and cleaning give a different text, or the entry's format changes.
    static let revision = 3

    /// Facts about a text, stored with it.
    struct Card: Codable, Sendable {
        var characters: Int
        var documents: Int
        /// Documents that cleaning dropped or emptied.
        var droppedDocuments: Int
        /// Bytes before cleaning.
        var bytesRead: Int
        var sha256: String
        var changes: [CleaningChange]
        /// Documents up to the end of each split, if validation and test documents came from files of their own.
        var splitDocuments: [Int]?
        /// Rows that could not be read; nil if there are none.
        var skipped: SkippedRows?
    }

    let file: MappedFile
    let card: Card
    /// Where each document ends, in bytes.
    let documentEnds: DocumentEnds
    /// A hash of each document.
    let documentHashes: MappedNumbers
    /// Pairs of byte and character offsets, ascending.
    private let characterIndex: MappedNumbers

    init(_ entry: CacheEntry) throws {
        card = try entry.read("card.json", Card.self)
        file = try entry.map("text.utf8")
        documentEnds = try MappedNumbers(entry.map("documents.int64")).documentEnds
        documentHashes = try MappedNumbers(entry.map("hashes.int64"))
        characterIndex = try MappedNumbers(entry.map("characters.int64"))
        guard documentEnds.count == card.documents, documentHashes.count == card.documents,
            characterIndex.count % 2 == 0
        else { throw DamagedEntry() }
    }

    /// Reads, cleans and writes a text.
    static func build(
        _ request: DataRequest, _ corpus: Corpus, in builder: EntryBuilder, progress: ProgressHandler
    ) throws {
        let total = corpus.bytes ?? corpus.files.reduce(0) { $0 + (FileStamp(path: $1.path)?.size ?? 0) }
        var writer = try DocumentWriter(builder)
        var read = 0, skipped = SkippedRows(), changes: [CleaningChange] = [], ends: [Int] = []
        try progress(PreparationProgress(.cleaning, done: 0, total: total))
        let splits: [(name: String, open: Corpus.Reader?)] = [
            ("train", corpus.reader), ("validation", corpus.validation), ("test", corpus.test),
        ]
        for (name, open) in splits {
            guard var reader = try open?() else { break }
            // Each split is cleaned by itself, so that none depends on another.
            var cleaners = try request.cleaning.map { try $0.make().makeCleaner() }
            while var passage = try reader.next() {
                read += passage.text.utf8.count
                for i in cleaners.indices { try cleaners[i].clean(&passage) }
                try writer.append(&passage)
                try progress(PreparationProgress(.cleaning, done: read, total: max(read, total)))
            }
            let made = zip(request.cleaning, cleaners).flatMap { step, cleaner in
                cleaner.changes.map { CleaningChange(step: step.name, what: $0.name, count: $0.count) }
            }
            changes = changes.isEmpty ? made : zip(changes, made).map { $0.adding($1.count) }
            skipped.add(reader.skipped)
            if !ends.isEmpty, writer.documents == ends.last {
                throw DataError("data.source.\(name)", "gives no text; use other files, or fewer cleaning steps")
            }
            ends.append(writer.documents)
        }
        guard writer.hasText else {
            throw DataError(
                corpus.files.first?.path ?? "source '\(request.source.name)'",
                read == 0
                    ? "holds no text"
                    : "cleaning left nothing of its \(read) bytes; remove a step from data.cleaning")
        }
        try writer.finish(
            bytesRead: read, changes: changes, splitDocuments: ends.count > 1 ? ends : nil,
            skipped: skipped.count > 0 ? skipped : nil)
    }

    /// Writes the documents in an order that the seed and their number decide.
    func shuffle(_ seed: UInt64, in builder: EntryBuilder, progress: ProgressHandler) throws {
        let order = (0..<documentEnds.count).map { (key: mixed(seed, UInt64($0)), document: $0) }
            .sorted { ($0.key, $0.document) < ($1.key, $1.document) }
        var writer = try DocumentWriter(builder)
        for (_, document) in order {
            let range = documentEnds.start(document)..<documentEnds[document]
            try writer.append(document: UnsafeBufferPointer(rebasing: file.bytes[range]))
            try progress(PreparationProgress(.cleaning, done: range.count, total: file.bytes.count))
        }
        try writer.finish(
            bytesRead: card.bytesRead, changes: card.changes, dropped: card.droppedDocuments, skipped: card.skipped)
    }

    /// The byte offset of the character with this number, or the end of the text.
    func byteOffset(ofCharacter number: Int) -> Int {
        let (bytes, characters) = indexed { $1 <= number }
        let rest = UnsafeBufferPointer(rebasing: file.bytes[bytes...])
        return bytes + LatheData.byteOffset(ofCharacter: number - characters, in: rest)
    }

    /// The number of characters before a byte offset that begins one.
    func characters(before offset: Int) -> Int {
        let (bytes, characters) = indexed { bytes, _ in bytes <= offset }
        return characters + characterCount(UnsafeBufferPointer(rebasing: file.bytes[bytes..<offset]))
    }

    private func indexed(_ isBefore: (_ bytes: Int, _ characters: Int) -> Bool) -> (bytes: Int, characters: Int) {
        var low = -1, high = characterIndex.count / 2
        while high - low > 1 {
            let middle = (low + high) / 2
            if isBefore(characterIndex[2 * middle], characterIndex[2 * middle + 1]) {
                low = middle
            } else {
                high = middle
            }
        }
        return low < 0 ? (0, 0) : (characterIndex[2 * low], characterIndex[2 * low + 1])
    }
}

/// How often a cleaning step changed something.
public struct CleaningChange: Codable, Sendable, Hashable {
    public var step: String
    /// What was changed, such as `characters_dropped`.
    public var what: String
    public var count: Int

    fileprivate func adding(_ more: Int) -> CleaningChange {
        CleaningChange(step: step, what: what, count: count + more)
    }
}

/// SplitMix64 of an index (Steele, Lea and Flood, 2014), keyed by a seed.
private func mixed(_ seed: UInt64, _ index: UInt64) -> UInt64 {
    func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
    return mix(mix(seed) ^ index)
}

/// Unicode scalars in UTF-8: all bytes except continuation bytes.
func characterCount(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in utf8 { count += byte & 0xc0 == 0x80 ? 0 : 1 }
    return count
}

/// The byte offset of the character with this number, or the end of the text.
func byteOffset(ofCharacter number: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
    var rest = number, position = 0
    // Skip whole blocks first, so that most of the work is counting.
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
