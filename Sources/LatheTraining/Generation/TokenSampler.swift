import LatheKernels
import LatheSystem

public struct SamplingRule: Sendable, Equatable {
    /// Sampling temperature; 0 is greedy.
    public var temperature: Double
    /// Samples only from the k most likely tokens.
    public var topK: Int?
    /// Samples only from the most likely tokens whose probabilities add up to p (Holtzman et al., 2020).
    public var topP: Double?

    public init(temperature: Double = 0.8, topK: Int? = nil, topP: Double? = nil) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
    }
}

/// Samples tokens by a rule; equal seeds give equal tokens.
struct TokenSampler {
    private let rule: SamplingRule
    private let stream: RandomStream
    private var drawn = 0
    private var order: [Int32] = []
    private var weights: [Double] = []

    init(_ rule: SamplingRule, seed: UInt64) {
        self.rule = rule
        stream = RandomStream(seed: seed, stream: "generate")
    }

    mutating func draw(_ logits: UnsafeBufferPointer<Float>) -> Int32 {
        defer { drawn += 1 }
        var best = 0
        for index in logits.indices where logits[index] > logits[best] { best = index }
        guard rule.temperature > 0, rule.topK != 1, logits[best].isFinite else { return Int32(best) }
        let top = Double(logits[best])
        if weights.count != logits.count { weights = Array(repeating: 0, count: logits.count) }
        var total = 0.0
        for index in logits.indices {
            let weight = Math.exponential((Double(logits[index]) - top) / rule.temperature)
            weights[index] = weight.isFinite ? weight : 0
            total += weights[index]
        }
        var candidates = logits.count
        if rule.topK != nil || rule.topP != nil {
            if order.count != logits.count { order = logits.indices.map { Int32($0) } }
            order.sort { (weights[Int($1)], $0) < (weights[Int($0)], $1) }
            candidates = min(rule.topK ?? candidates, candidates)
            (candidates, total) = kept(among: candidates)
        }
        var rest = Double(stream.uniform(drawn)) * total
        for position in 0..<candidates {
            let index = order.isEmpty || (rule.topK == nil && rule.topP == nil) ? position : Int(order[position])
            rest -= weights[index]
            if rest < 0 { return Int32(index) }
        }
        return Int32(best)
    }

    /// How many of the `count` most likely tokens top-p keeps, and their total weight.
    private func kept(among count: Int) -> (Int, Double) {
        let all = order.prefix(count).reduce(0.0) { $0 + weights[Int($1)] }
        guard let topP = rule.topP, topP < 1 else { return (count, all) }
        var sum = 0.0
        for position in 0..<count {
            sum += weights[Int(order[position])]
            if sum >= topP * all { return (position + 1, sum) }
        }
        return (count, sum)
    }
}
