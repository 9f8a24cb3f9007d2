import LatheComponents
public import LatheData

/// A text to score, in 1 KiB segments whose nats are kept separately, so that models with different tokens can be
/// compared.
public struct ScoredText: Sendable {
    /// Tokens beyond ``count`` are not part of the text.
    let tokens: TokenSequence
    public let segments: SegmentTable
    /// All bytes but those of the first token, which has no context.
    public let scoredBytes: Int
    /// Why the tokens cannot reproduce the text; nil if they can.
    public let lossReason: String?

    /// - Parameter bytes: length of the prefix to score, rounded up to whole segments; nil: the whole split.
    public init(_ split: PreparedSplit, bytes: Int? = nil, lossReason: String?) {
        tokens = split.tokens
        segments = split.segments.prefix(bytes: bytes)
        scoredBytes = max(0, segments.bytes - split.firstTokenBytes)
        self.lossReason = lossReason
    }

    public var count: Int { segments.tokenCount }

    /// The code length of the text under the language that generated it, in bits per byte, if known: the lowest
    /// expected loss of any model.
    public var floorBitsPerByte: Double? {
        segments.knownTotal.map { $0 / (Double(max(1, segments.bytes)) * 0.693147180559945309) }
    }
}
