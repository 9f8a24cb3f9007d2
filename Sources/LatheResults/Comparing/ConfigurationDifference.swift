/// What can be said about two configurations.
public enum ComparisonVerdict: Sendable, Equatable {
    /// The first is better, by more than seeds explain.
    case better
    /// The first is worse, by more than seeds explain.
    case worse
    /// Seeds explain the difference; about how many more for each would be needed to call one of this size, nil for more than
    /// ``ConfigurationDifference/seedLimit``.
    case notDistinguishable(moreSeeds: Int?)
    /// One of them has one seed only: how much seeds matter is not known.
    case seedNoiseUnknown
    /// Their figures do not mean the same, or one has none: the reason.
    case notComparable(String)

    /// The name for programs.
    public var name: String {
        switch self {
        case .better: "better"
        case .worse: "worse"
        case .notDistinguishable: "not_distinguishable"
        case .seedNoiseUnknown: "no_verdict"
        case .notComparable: "not_comparable"
        }
    }

    /// A few words for a table.
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

/// The first of two configurations against the second.
public struct ConfigurationDifference: Sendable, Equatable {
    /// The two-sided level of all tests of a comparison together.
    public static let level = 0.05
    /// The chance with which the seeds asked for would call a difference of the size that was found.
    public static let power = 0.8
    /// More seeds than this are not counted out.
    public static let seedLimit = 1000

    /// Its place among the comparison's configurations.
    public var first: Int
    /// The other's.
    public var second: Int
    /// First less second: Welch's test, or that of pairs where all seeds are shared; nil where one has fewer than two seeds or they are not comparable.
    public var test: MeanDifference?
    /// The probability after Holm's correction for all tests of the comparison; nil without a test.
    public var adjustedProbability: Double?
    /// First less second on the same text, segment by segment, of two runs where seed noise is unknown: how sure the difference between these two
    /// models is, not how another seed would come out.
    public var textDifference: SegmentDifference?
    /// What can be said.
    public var verdict: ComparisonVerdict

    /// The test of two configurations, still without correction; nil where there are too few seeds.
    static func test(_ first: ComparedConfiguration, _ second: ComparedConfiguration) -> MeanDifference? {
        guard first.count > 1, second.count > 1 else { return nil }
        return first.seeds == second.seeds
            ? .paired(first.values, second.values) : .welch(first.values, second.values)
    }

    /// The verdict of a test.
    ///
    /// - Parameter tests: how many tests the correction is for.
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
    /// The verdict from the other side.
    var reversed: ComparisonVerdict {
        switch self {
        case .better: .worse
        case .worse: .better
        default: self
        }
    }
}

extension ConfigurationDifference {
    /// The same the other way round: second against first.
    public var reversed: ConfigurationDifference {
        var result = self
        (result.first, result.second) = (second, first)
        result.test?.difference.negate()
        result.textDifference?.bitsPerByte.negate()
        result.verdict = verdict.reversed
        return result
    }
}
