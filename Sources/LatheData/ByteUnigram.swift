import LatheSystem

/// Byte frequencies of a text: a unigram model, used as the baseline.
struct ByteUnigram {
    private let counts: [Int]
    private let total: Int

    init(_ counts: [Int]) {
        self.counts = counts
        total = counts.reduce(0, +)
    }

    /// Bits per byte.
    var entropy: Double {
        counts.reduce(0) { sum, count in
            count == 0 ? sum : sum - Double(count) / Double(total) * Math.binaryLogarithm(Double(count) / Double(total))
        }
    }

    /// Bits per byte of another text under these counts with add-one smoothing.
    func crossEntropy(_ text: ByteUnigram) -> Double {
        guard text.total > 0 else { return 0 }
        return zip(counts, text.counts).reduce(0) { sum, pair in
            sum - Double(pair.1) / Double(text.total) * Math.binaryLogarithm(Double(pair.0 + 1) / Double(total + 256))
        }
    }
}
