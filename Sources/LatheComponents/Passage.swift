/// Part of a document: UTF-8 text of about 1 MiB at most, cut at the end of a line where there is one within reach, so that text of any size passes
/// through in bounded memory.
public struct Passage: Sendable {
    /// The text itself; may be empty when it only ends a document.
    public var text: String
    /// Whether the document ends behind this passage.
    public var endsDocument: Bool
    /// Whether the whole document goes, what was delivered of it before included. Said where the document ends.
    public var dropsDocument = false

    /// A passage of a document.
    public init(text: String, endsDocument: Bool) {
        self.text = text
        self.endsDocument = endsDocument
    }

    /// The most bytes that a reader puts into a passage.
    public static let usualBytes = 1 << 20
}

/// Reads documents, passage by passage. A reader holds about a passage of them in memory.
public protocol PassageReader {
    /// The next passage; nil behind the last, which ends a document.
    ///
    /// - Throws: ``DataError`` for what is not as it should be, naming file and byte, and line where the file has lines.
    mutating func next() throws -> Passage?
}

extension PassageReader {
    /// Hands over what is left, passage by passage.
    ///
    /// - Throws: what reading throws, and whatever `deliver` throws.
    public mutating func forEach(_ deliver: (Passage) throws -> Void) throws {
        while let passage = try next() { try deliver(passage) }
    }
}
