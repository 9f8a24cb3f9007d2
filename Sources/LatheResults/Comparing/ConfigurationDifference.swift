/// The result of comparing two configurations.
public enum ComparisonVerdict: Sendable, Equatable {
    /// The first is better, and the difference is significant.
    case better
    /// The first is worse, and the difference is significant.
    case worse
    /// The difference is within seed noise. `moreSeeds` estimates how many more seeds each would need for a difference
    /// of this size to be significant; nil above ``ConfigurationDifference/seedLimit``.
    case notDistinguishable(moreSeeds: Int?)
    /// At least one of them has a single seed, so seed noise is unknown.
    case seedNoiseUnknown
    /// The results are not comparable, or one has none; the reason.
    case notComparable(String)

    /// The name in JSON.
    public var name: String {
        switch self {
        case .better: "better"
        case .worse: "worse"
        case .notDistinguishable: "not_distinguishable"
        case .seedNoiseUnknown: "no_verdict"
        case .notComparable: "not_comparable"
        }
    }

    public var text: String {
        switch self {
        case .better: "better"
        case .worse: "worse"
        case .notDistinguishable(let seeds?):
            "not distinguishable, about \(seeds) more \(seeds == 1 ? "seed" : "seeds") needed"
        case .notDistinguishable(nil):
            "not distinguishable, more than \(ConfigurationDifference.seedLimit) seeds needed"
        case .seedNoiseUnknown: "no verdict: seed noise unknown"
        case .notComparable(let reason): "not comparable: \(reason)"
        }
    }
}

/// The difference between two configurations: the first minus the second.
public struct ConfigurationDifference: Sendable, Equatable {
    /// The two-sided significance level of all tests of a comparison together.
    public static let level = 0.05
    /// The statistical power that the suggested number of seeds aims at.
    public static let power = 0.8
    /// Numbers of seeds above this are not estimated.
    public static let seedLimit = 1000

    public var first: Int
    public var second: Int
    /// First minus second: Welch's test, or the paired test if both have the same seeds; nil if either has fewer than
    /// two seeds or they are not comparable.
    public var test: MeanDifference?
    /// The p-value after Holm's correction for all tests of the comparison; nil without a test.
    public var adjustedProbability: Double?
    /// First minus second on the same text, by segment, for two single runs when seed noise is unknown. Its standard
    /// error covers the choice of text, not the seed.
    public var textDifference: SegmentDifference?
    public var verdict: ComparisonVerdict

    /// The uncorrected test of two configurations; nil if there are too few seeds.
    static func test(_ first: ComparedConfiguration, _ second: ComparedConfiguration) -> MeanDifference? {
        guard first.count > 1, second.count > 1 else { return nil }
        return first.seeds == second.seeds
            ? .paired(first.values, second.values) : .welch(first.values, second.values)
    }

    /// - Parameter tests: the number of tests to correct for.
    static func verdict(
        _ test: MeanDifference, adjusted: Double, tests: Int, metric: ComparisonMetric,
        _ first: ComparedConfiguration, _ second: ComparedConfiguration
    ) -> ComparisonVerdict {
        if adjusted <= level { return metric.prefers(test.difference, to: 0) ? .better : .worse }
        let variances =
            test.method == .paired
            ? [test.standardError * test.standardError * Double(first.count)]
            : [first, second].map { $0.standardDeviation.map { $0 * $0 } ?? 0 }
        let needed = SampleSize.needed(
            difference: test.difference, variances: variances, level: level / Double(tests), power: power,
            limit: seedLimit)
        return .notDistinguishable(moreSeeds: needed.map { max(1, $0 - min(first.count, second.count)) })
    }
}

extension ComparisonVerdict {
    var reversed: ComparisonVerdict {
        switch self {
        case .better: .worse
        case .worse: .better
        default: self
        }
    }
}

extension ConfigurationDifference {
    /// The same difference seen from the second: second minus first.
    public var reversed: ConfigurationDifference {
        var result = self
        (result.first, result.second) = (second, first)
        result.test?.difference.negate()
        result.textDifference?.bitsPerByte.negate()
        result.verdict = verdict.reversed
        return result
    }
}
