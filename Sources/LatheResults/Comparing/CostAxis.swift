/// What training costs: the axis along which runs are held against each other.
public enum CostAxis: String, Sendable, CaseIterable {
    /// Optimizer steps.
    case step
    /// Training tokens.
    case tokens
    /// Bytes of text that those tokens stand for, on average over the training split.
    case bytes
    /// Floating-point operations of forward and backward passes.
    case flops
    /// Seconds of training steps; validations, checkpoints and samples do not count.
    case seconds

    /// A cost in words, such as `460,800 tokens`.
    public func text(_ cost: Double) -> String {
        switch self {
        case .step: "\(NumberText.grouped(Int(cost.rounded()))) steps"
        case .tokens: "\(NumberText.grouped(Int(cost.rounded()))) tokens"
        case .bytes: "\(NumberText.count(cost)) bytes"
        case .flops: "\(NumberText.short(cost)) floating-point operations"
        case .seconds: "\(NumberText.duration(seconds: cost)) of training"
        }
    }

    /// What a run of these figures has paid for a token; nil where that is not known. For ``step`` and ``seconds`` it is not by the token.
    func perToken(_ figures: RunFigures) -> Double? {
        switch self {
        case .bytes: figures.bytesPerToken
        case .flops: figures.flopsPerToken
        default: 1
        }
    }
}

/// A metric of a run over its cost.
public struct CostCurve: Sendable, Equatable {
    /// The costs at which it was measured, ascending.
    public private(set) var costs: [Double] = []
    /// The metric at each.
    public private(set) var values: [Double] = []

    /// A curve through these points, costs ascending; of points with equal cost the last one stays.
    public init(_ points: [(cost: Double, value: Double)]) {
        for point in points {
            if costs.last == point.cost {
                values[values.count - 1] = point.value
            } else {
                costs.append(point.cost)
                values.append(point.value)
            }
        }
    }

    /// A metric of a run as its files have it; empty where they have none of it.
    ///
    /// - Throws: ``FileError``, ``RecordError``.
    public init(_ run: RunDigest, metric: String, axis: CostAxis) throws {
        guard let perToken = axis.perToken(run.figures) else {
            self.init([])
            return
        }
        var clock: [Int: Double] = [:]
        if axis == .seconds {
            var total = 0.0
            for record in try run.folder.readTiming() where record.phase == .train {
                total += record.seconds
                clock[record.step] = total
            }
        }
        self.init(
            try run.folder.readMetrics().compactMap { record in
                guard let value = record.values[metric], value.isFinite else { return nil }
                switch axis {
                case .step: return (Double(record.step), value)
                case .seconds: return (record.step == 0 ? 0 : clock[record.step]).map { ($0, value) }
                default: return (Double(record.tokens) * perToken, value)
                }
            })
    }

    /// The metric at a cost, on the straight line between the measurements around it; nil before the first and after the last.
    public func value(at cost: Double) -> Double? {
        guard let first = costs.first, let last = costs.last, cost >= first, cost <= last else { return nil }
        guard let next = costs.firstIndex(where: { $0 >= cost }), costs[next] > cost else {
            return values[costs.firstIndex(of: cost)!]
        }
        let share = (cost - costs[next - 1]) / (costs[next] - costs[next - 1])
        return values[next - 1] + share * (values[next] - values[next - 1])
    }
}
