/// The figure that a comparison goes by: one number a run.
public struct ComparisonMetric: Sendable, Equatable {
    /// The validation that the number is taken from.
    public enum Moment: String, Sendable, CaseIterable {
        /// The last one.
        case final
        /// The one with the best objective.
        case best
    }

    /// A metric of validation, such as `validation/bits_per_byte`, or another key of a run that is a number, such as `seconds`.
    public var name: String
    /// The validation.
    public var moment: Moment
    /// Whether a smaller number is the better one.
    public var isSmallerBetter: Bool

    /// A metric.
    public init(_ name: String, at moment: Moment = .final, isSmallerBetter: Bool = true) {
        self.name = name
        self.moment = moment
        self.isSmallerBetter = isSmallerBetter
    }

    /// Bits a byte, or the loss where no run has bits a byte.
    public static func standard(for runs: [RunDigest], at moment: Moment = .final) -> ComparisonMetric {
        let hasBits = runs.contains { $0.figures.final[MetricName.validationBitsPerByte] != nil }
        return ComparisonMetric(hasBits ? MetricName.validationBitsPerByte : MetricName.validationLoss, at: moment)
    }

    /// The number of a run, where it has one.
    public func value(_ run: RunDigest) -> Double? {
        if isMeasuredOnText { return (moment == .final ? run.figures.final : run.figures.best)[name] }
        return RunKeys.value(name, of: run)?.number
    }

    /// Whether it is measured on the validation text, so that other texts give other numbers.
    public var isMeasuredOnText: Bool { name.hasPrefix("validation/") }

    /// Whether one number is strictly better than another.
    public func prefers(_ value: Double, to other: Double) -> Bool { isSmallerBetter ? value < other : value > other }

    /// Whether it is counted by the token, so that it means something else under another tokenizer.
    var isPerToken: Bool {
        [MetricName.validationLoss, MetricName.validationPerplexity, MetricName.trainLoss].contains(name)
    }

    /// How people call its numbers: `bits/byte`, else the name.
    public var unit: String {
        switch name {
        case MetricName.validationBitsPerByte, MetricName.trainBitsPerByte: "bits/byte"
        case MetricName.validationLoss: "nats/token"
        default: name
        }
    }
}
