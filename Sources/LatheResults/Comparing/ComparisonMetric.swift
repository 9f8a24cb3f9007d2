/// The metric that a comparison ranks by: one number per run.
public struct ComparisonMetric: Sendable, Equatable {
    /// Which validation the number is taken from.
    public enum Moment: String, Sendable, CaseIterable {
        case final
        /// The validation with the best objective.
        case best
    }

    /// A validation metric, such as `validation/bits_per_byte`, or another numeric key of a run, such as `seconds`.
    public var name: String
    public var moment: Moment
    public var isSmallerBetter: Bool

    public init(_ name: String, at moment: Moment = .final, isSmallerBetter: Bool = true) {
        self.name = name
        self.moment = moment
        self.isSmallerBetter = isSmallerBetter
    }

    /// Bits per byte, or the loss if no run has bits per byte.
    public static func standard(for runs: [RunDigest], at moment: Moment = .final) -> ComparisonMetric {
        let hasBits = runs.contains { $0.figures.final[MetricName.validationBitsPerByte] != nil }
        return ComparisonMetric(hasBits ? MetricName.validationBitsPerByte : MetricName.validationLoss, at: moment)
    }

    public func value(_ run: RunDigest) -> Double? {
        if isMeasuredOnText { return (moment == .final ? run.figures.final : run.figures.best)[name] }
        return RunKeys.value(name, of: run)?.number
    }

    /// Whether it is measured on the validation text: then its values compare only on the same text.
    public var isMeasuredOnText: Bool { name.hasPrefix("validation/") }

    public func prefers(_ value: Double, to other: Double) -> Bool { isSmallerBetter ? value < other : value > other }

    /// Whether it is a per-token average: then its values compare only under the same tokenizer.
    var isPerToken: Bool {
        [MetricName.validationLoss, MetricName.validationPerplexity, MetricName.trainLoss].contains(name)
    }

    /// The unit for display, such as `bits/byte`; the metric's name if it has none.
    public var unit: String {
        switch name {
        case MetricName.validationBitsPerByte, MetricName.trainBitsPerByte: "bits/byte"
        case MetricName.validationLoss: "nats/token"
        default: name
        }
    }
}
