/// The text that a tokenizer learns from: UTF-8, usually memory-mapped, with the ends of its documents. Tokens never
/// cross a document's end, so a tokenizer counts document by document.
public struct TrainingText {
    public let bytes: UnsafeBufferPointer<UInt8>
    /// Whether some split of the text holds the end of one document and the start of another, so that the vocabulary
    /// needs a token to stand between them.
    public let separatesDocuments: Bool
    /// In bytes. The last document may continue past ``bytes``.
    private let ends: DocumentEnds

    /// - Parameter documentEnds: by default the text is one document.
    public init(
        _ bytes: UnsafeBufferPointer<UInt8>, documentEnds: DocumentEnds? = nil, separatesDocuments: Bool = false
    ) {
        self.bytes = bytes
        self.separatesDocuments = separatesDocuments
        ends = documentEnds ?? DocumentEnds([bytes.count])
    }

    /// The part of a document that contains a byte.
    public func document(at place: Int) -> Range<Int> {
        let document = ends.document(at: place)
        return ends.start(document)..<(document < ends.count ? min(ends[document], bytes.count) : bytes.count)
    }

    /// Calls `body` with each document of a range that begins and ends at a document's end or within a document.
    public func forEachDocument(
        in range: Range<Int>? = nil, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        let range = range ?? 0..<bytes.count
        var start = range.lowerBound, document = ends.document(at: start)
        while start < range.upperBound {
            let end = document < ends.count ? min(ends[document], range.upperBound) : range.upperBound
            if end > start { try body(UnsafeBufferPointer(rebasing: bytes[start..<end])) }
            (start, document) = (end, document + 1)
        }
    }
}

/// How a source's documents relate, which decides what stands between them and what is learned across their ends.
public enum DocumentLayout: Sendable {
    /// At most one document in each split.
    case one
    /// Parts of one text, which has its own marks between them.
    case continuous
    /// Independent of one another.
    case several
}
