import LatheComponents
public import LatheData

/// A text to score, in segments of 1 KiB whose nats are kept apart: so two models compare on the same text, whatever their tokens.
public struct ScoredText: Sendable {
    /// Its tokens; those beyond ``count`` do not belong to it.
    let tokens: TokenSequence
    /// Its segments.
    public let segments: SegmentTable
    /// The bytes that are scored: all but those of the first token, which has nothing before it.
    public let scoredBytes: Int
    /// Why the tokens cannot give the text back, where they cannot.
    public let lossReason: String?

    /// A split, or its first bytes.
    ///
    /// - Parameter bytes: how many, rounded up to whole segments; all where it is nil.
    public init(_ split: PreparedSplit, bytes: Int? = nil, lossReason: String?) {
        tokens = split.tokens
        segments = split.segments.prefix(bytes: bytes)
        scoredBytes = max(0, segments.bytes - split.firstTokenBytes)
        self.lossReason = lossReason
    }

    /// The number of tokens.
    public var count: Int { segments.tokenCount }

    /// The code length of the text under the language that made it, in bits a byte, where that is known: the floor of what a model can reach in the mean.
    public var floorBitsPerByte: Double? {
        segments.knownTotal.map { $0 / (Double(max(1, segments.bytes)) * 0.693147180559945309) }
    }
}
