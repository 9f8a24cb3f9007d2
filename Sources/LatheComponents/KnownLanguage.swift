/// A language whose probabilities are known, so that a model can be compared with the optimum.
public protocol KnownLanguage: Sendable {
    /// The code length in nats of each part of `corpus` between neighbouring `boundaries` (ascending), given everything
    /// before it: -ln(P(a text begins with the prefix up to the later boundary) / P(... up to the earlier one)). This
    /// is exact within a word too, so the parts add up to the whole, and it is a lower bound on the average cost of any
    /// model. Returns nil if the corpus is not text of this language, for example because cleaning changed it.
    func codeLengths(of corpus: UnsafeBufferPointer<UInt8>, between boundaries: [Int]) -> [Double]?
    /// The number of complete sentences in a generated text, and how many of them the language accepts.
    func judge(_ text: String) -> (sentences: Int, accepted: Int)
}

extension KnownLanguage {
    /// The code length in nats of `corpus[range]`, given all of `corpus` before it.
    public func codeLength(of corpus: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Double? {
        codeLengths(of: corpus, between: [range.lowerBound, range.upperBound])?[0]
    }
}
