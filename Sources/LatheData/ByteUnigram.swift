#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How often each byte occurs in a text: the simplest model there is, and the mark to start from.
struct ByteUnigram {
    private var counts = [Int](repeating: 0, count: 256)
    private let total: Int

    init(_ text: UnsafeBufferPointer<UInt8>) {
        for byte in text { counts[Int(byte)] += 1 }
        total = text.count
    }

    /// The entropy of the text's bytes, in bits a byte.
    var entropy: Double {
        counts.reduce(0) { sum, count in
            count == 0 ? sum : sum - Double(count) / Double(total) * log2(Double(count) / Double(total))
        }
    }

    /// What another text costs under these counts, each raised by one, in bits a byte.
    func crossEntropy(_ text: UnsafeBufferPointer<UInt8>) -> Double {
        guard !text.isEmpty else { return 0 }
        let cost = counts.map { -log2(Double($0 + 1) / Double(total + 256)) }
        return text.reduce(0) { $0 + cost[Int($1)] } / Double(text.count)
    }
}
