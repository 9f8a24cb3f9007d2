public import LatheComponents

/// A text to score, cut into segments of about 1 KiB whose nats are kept apart: so two models compare on the same text, whatever their tokens.
public struct ScoredText: Sendable {
    /// A stretch of the text. A token belongs to the segment of its first byte.
    public struct Segment: Sendable, Equatable {
        /// The first token that belongs to it.
        public var firstToken: Int
        /// Its bytes.
        public var bytes: Int
        /// What the spelling of its unknown words costs beyond their tokens, in nats.
        public var spellingNats: Double

        /// A stretch of the text.
        public init(firstToken: Int, bytes: Int, spellingNats: Double) {
            self.firstToken = firstToken
            self.bytes = bytes
            self.spellingNats = spellingNats
        }
    }

    /// Its tokens.
    public let tokens: TokenSequence
    /// Its segments, in order.
    public let segments: [Segment]
    /// The bytes that are scored: all but those of the first token, which has nothing before it.
    public let scoredBytes: Int
    /// Why the tokens cannot give the text back, where they cannot.
    public let lossReason: String?

    /// A text to score.
    public init(tokens: TokenSequence, segments: [Segment], scoredBytes: Int, lossReason: String?) {
        self.tokens = tokens
        self.segments = segments
        self.scoredBytes = scoredBytes
        self.lossReason = lossReason
    }

    /// The segment that a token belongs to.
    func segment(ofToken token: Int) -> Int {
        var low = 0, high = segments.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if segments[middle].firstToken <= token { low = middle } else { high = middle }
        }
        return low
    }
}
