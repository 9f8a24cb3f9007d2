public import LatheSpec

/// Part of a document: valid UTF-8, cut at the end of a line where there is one within reach, so that text of any size passes
/// through in bounded memory.
public struct Passage: Sendable {
    /// The text itself; may be empty when it only ends a document.
    public var text: String
    /// Whether the document ends behind this passage.
    public var endsDocument: Bool

    /// A passage of a document.
    public init(text: String, endsDocument: Bool) {
        self.text = text
        self.endsDocument = endsDocument
    }
}

/// Where text comes from.
public protocol DataSource: Component where Product == any DataSource {
    /// The files that are read, resolved, in order. Their contents key the cache: a changed file never meets a stale token file.
    var files: [String] { get }
    /// Hands over every document, in order, passage by passage (each at most about 1 MiB).
    ///
    /// - Throws: ``DataError`` for a file that is missing, empty or not UTF-8, naming file and byte; whatever `deliver` throws.
    func read(_ deliver: (Passage) throws -> Void) throws
    /// The language that made the text, where it is known.
    var knownLanguage: (any KnownLanguage)? { get }
}

extension DataSource {
    /// The kind of data sources: `data.source` in a spec.
    public static var kind: Kind<any DataSource> { .dataSource }
    /// Itself.
    public var product: any DataSource { self }
    /// Unknown, as that of text from outside.
    public var knownLanguage: (any KnownLanguage)? { nil }
}

extension Kind where Product == any DataSource {
    /// `data.source`
    public static var dataSource: Self { Self("source", place: "data.source", summary: "Where text comes from.") }
}

/// A language whose probabilities are known, so that a model can be held against the best that is possible.
public protocol KnownLanguage: Sendable {
    /// The code length in nats of each part of `corpus` between two neighbouring `boundaries` (ascending), given all of `corpus` before it:
    /// -ln(P(a text begins with what ends at the one) / P(... at the other)), which is exact in the midst of a word too. So the parts add up to the whole.
    /// A bound from below on what any model can reach in the mean. Nil where the corpus is not text of this language (cleaning changed it, say).
    func codeLengths(of corpus: UnsafeBufferPointer<UInt8>, between boundaries: [Int]) -> [Double]?
    /// How many whole sentences of a generated text there are, and how many of them the language accepts.
    func judge(_ text: String) -> (sentences: Int, accepted: Int)
}

extension KnownLanguage {
    /// The code length in nats of `corpus[range]` given all of `corpus` before it.
    public func codeLength(of corpus: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Double? {
        codeLengths(of: corpus, between: [range.lowerBound, range.upperBound])?[0]
    }
}
