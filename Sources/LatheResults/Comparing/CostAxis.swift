/// The unit of training cost for comparing runs at equal cost.
public enum CostAxis: String, Sendable, CaseIterable {
    case step
    case tokens
    /// Bytes of training text: tokens times the training split's average bytes per token.
    case bytes
    /// Floating-point operations of the forward and backward passes.
    case flops
    /// Seconds spent in training steps, without validations, checkpoints and samples.
    case seconds

    /// With its unit, such as `460,800 tokens`.
    public func text(_ cost: Double) -> String {
        switch self {
        case .step: "\(NumberText.grouped(Int(cost.rounded()))) steps"
        case .tokens: "\(NumberText.grouped(Int(cost.rounded()))) tokens"
        case .bytes: "\(NumberText.count(cost)) bytes"
        case .flops: "\(NumberText.short(cost)) floating-point operations"
        case .seconds: "\(NumberText.duration(seconds: cost)) of training"
        }
    }

    /// Cost per training token; nil if unknown. 1 for ``step`` and ``seconds``, which are not counted per token.
    func perToken(_ figures: RunFigures) -> Double? {
        switch self {
        case .bytes: figures.bytesPerToken
        case .flops: figures.flopsPerToken
        default: 1
        }
    }
}

/// A run's metric as a function of cost.
public struct CostCurve: Sendable, Equatable {
    /// Ascending.
    public private(set) var costs: [Double] = []
    /// The metric at each cost.
    public private(set) var values: [Double] = []

    /// A curve through points with ascending costs. Of points with equal cost the last one wins.
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

    /// Reads the curve from the run's files; empty if the metric was never recorded or its cost is unknown.
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

    /// The metric at a cost, interpolated linearly; nil outside the measured range.
    public func value(at cost: Double) -> Double? {
        guard let first = costs.first, let last = costs.last, cost >= first, cost <= last else { return nil }
        guard let next = costs.firstIndex(where: { $0 >= cost }), costs[next] > cost else {
            return values[costs.firstIndex(of: cost)!]
        }
        let share = (cost - costs[next - 1]) / (costs[next] - costs[next - 1])
        return values[next - 1] + share * (values[next] - values[next - 1])
    }
}
