import LatheSystem

/// The cost of spelling an unknown word: a byte-unigram model of the training text in which each token's bytes are
/// followed by a terminator, with add-one smoothing of all 257 counts. With N bytes and M tokens of training text a
/// spelling costs
/// Σ -ln((n_b + 1) / (N + M + 257)) - ln((M + 1) / (N + M + 257)) nats, the last term for the terminator.
struct Spelling: Codable, Sendable, Equatable {
    /// In the training text, indexed by byte.
    let byteCounts: [Int]
    /// In the training text.
    let tokenCount: Int
    private let cost: [Double]

    init(byteCounts: [Int], tokenCount: Int) {
        self.byteCounts = byteCounts
        self.tokenCount = tokenCount
        let total = Double(byteCounts.reduce(0, +) + tokenCount + 257)
        cost = (byteCounts + [tokenCount]).map { -Math.logarithm(Double($0 + 1) / total) }
    }

    /// Includes the terminator.
    func nats(_ bytes: UnsafeBufferPointer<UInt8>) -> Double {
        bytes.reduce(cost[256]) { $0 + cost[Int($1)] }
    }

    private enum CodingKeys: String, CodingKey {
        case byteCounts = "byte_counts"
        case tokenCount = "token_count"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let counts = try values.decode([Int].self, forKey: .byteCounts)
        let tokens = try values.decode(Int.self, forKey: .tokenCount)
        guard counts.count == 256, (counts + [tokens]).allSatisfy({ $0 >= 0 && $0 < 1 << 50 }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .byteCounts, in: values, debugDescription: "there must be 256 counts, none negative")
        }
        self.init(byteCounts: counts, tokenCount: tokens)
    }
}
