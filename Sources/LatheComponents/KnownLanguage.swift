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
