/// Part of a document: UTF-8 text of at most about 1 MiB, cut at a line end if there is one within reach, so that text
/// of any size passes through in bounded memory.
public struct Passage: Sendable {
    /// May be empty if the passage only ends a document.
    public var text: String
    /// Whether the document ends with this passage.
    public var endsDocument: Bool
    /// Whether to drop the whole document, including what was already delivered. Set where the document ends.
    public var dropsDocument = false

    public init(text: String, endsDocument: Bool) {
        self.text = text
        self.endsDocument = endsDocument
    }

    /// Maximum bytes that a reader puts into a passage.
    public static let usualBytes = 1 << 20
}

/// Reads documents, passage by passage. A reader holds about one passage in memory.
public protocol PassageReader {
    /// The next passage; nil after the last, which ends a document.
    ///
    /// - Throws: ``DataError`` for invalid input, with the file and byte, and the line if the file has lines.
    mutating func next() throws -> Passage?
    /// Rows that could not be read and were left out so far.
    var skipped: SkippedRows { get }
}

/// Rows that a reader left out, as it was asked to.
public struct SkippedRows: Codable, Sendable, Hashable {
    public var count = 0
    /// What is wrong with the first.
    public var first: String?

    public init() {}

    public mutating func add(_ error: DataError) {
        count += 1
        first = first ?? error.description
    }

    public mutating func add(_ other: SkippedRows) {
        count += other.count
        first = first ?? other.first
    }
}

extension PassageReader {
    public var skipped: SkippedRows { SkippedRows() }

    /// Delivers the remaining passages.
    ///
    /// - Throws: errors from reading and from `deliver`.
    public mutating func forEach(_ deliver: (Passage) throws -> Void) throws {
        while let passage = try next() { try deliver(passage) }
    }
}
