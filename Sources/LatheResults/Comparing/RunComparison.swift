/// Compares runs: which configuration keys differ, how the results rank, and which differences exceed seed noise.
///
/// Runs that differ only in their seed form one configuration. Every configuration is compared with the reference: the
/// best one, or a baseline that the caller chose. A baseline fixed in advance needs one test per other configuration.
/// The best one is picked by its results, so every pair counts as tested. Holm's correction over these tests bounds the
/// probability of any false positive by ``ConfigurationDifference/level``.
public struct RunComparison: Sendable {
    public let metric: ComparisonMetric
    /// Best mean first; configurations without a run that counts come last, in the given order.
    public let configurations: [ComparedConfiguration]
    /// The index of the configuration that the others are compared with; nil if fewer than two have a run that counts.
    public let reference: Int?
    /// Every other configuration compared with the reference, in the order of ``configurations``.
    public let differences: [ConfigurationDifference]
    /// The number of tests that Holm's correction was for; a single test needs none.
    public let testCount: Int
    /// The dotted keys whose values differ between configurations, sorted; a key that one lacks differs. Seeds, names,
    /// descriptions and tags are ignored.
    public let differingKeys: [String]
    /// Caveats about comparing the results, one sentence each.
    public let warnings: [String]
    /// Runs that are left out because an identical one counts.
    public let duplicates: [DuplicateRun]

    /// - Parameters:
    ///   - metric: what to rank by; ``ComparisonMetric/standard(for:at:)`` if nil.
    ///   - baseline: the folder of a run whose configuration is the reference.
    ///   - nats: reads a run's nats by segment, or nil if there are none; from its folder by default. They belong to
    ///     the metric's own validation, so they are not used if `value` is given.
    ///   - value: a run's value if it is not simply the metric's, such as the metric at a certain cost.
    public init(
        _ runs: [RunDigest], metric: ComparisonMetric? = nil, baseline: String? = nil,
        nats: (RunDigest) -> ValidationNats? = { try? $0.folder.readValidationNats() },
        value: ((RunDigest) -> Double?)? = nil
    ) {
        let metric = metric ?? .standard(for: runs)
        var (configurations, duplicates) = ComparedConfiguration.group(runs, value: value ?? metric.value)
        let keys = Self.differingKeys(configurations)
        for (index, label) in ConfigurationLabels.labels(configurations, differingKeys: keys).enumerated() {
            configurations[index].label = label
        }
        let order = configurations.indices.sorted { left, right in
            switch (configurations[left].mean, configurations[right].mean) {
            case (let a?, let b?) where a != b: metric.prefers(a, to: b)
            case (_?, nil): true
            case (nil, _?): false
            default: left < right
            }
        }
        configurations = order.map { configurations[$0] }
        let comparability = Comparability(configurations: configurations, differingKeys: keys, metric: metric)
        var reference: Int?
        if configurations.filter({ $0.count > 0 }).count > 1 { reference = 0 }
        let baselineIndex = baseline.flatMap { path in
            configurations.firstIndex { $0.allRuns.contains { $0.path == path } }
                ?? duplicates.first { $0.run.path == path }.flatMap { duplicate in
                    configurations.firstIndex { $0.allRuns.contains { $0.path == duplicate.counting } }
                }
        }
        if let baselineIndex, configurations.count > 1 { reference = baselineIndex }
        self.metric = metric
        self.configurations = configurations
        self.duplicates = duplicates
        self.reference = reference
        differingKeys = keys
        warnings = comparability.warnings
        (differences, testCount) = Self.differences(
            comparability, reference: reference, isPlanned: baselineIndex != nil,
            nats: value == nil && metric.isMeasuredOnText ? nats : { _ in nil })
    }

    /// The difference from the reference; nil for the reference itself.
    public func difference(of configuration: Int) -> ConfigurationDifference? {
        differences.first { $0.first == configuration }
    }

    private static func differingKeys(_ configurations: [ComparedConfiguration]) -> [String] {
        let keys = Set(configurations.flatMap(\.configuration.keys)).filter { !RunDigest.isName($0) && $0 != "seed" }
        return keys.filter { key in Set(configurations.map { $0.configuration[key] }).count > 1 }.sorted()
    }

    private static func differences(
        _ comparability: Comparability, reference: Int?, isPlanned: Bool, nats: (RunDigest) -> ValidationNats?
    ) -> ([ConfigurationDifference], tests: Int) {
        guard let reference else { return ([], 0) }
        let configurations = comparability.configurations
        // All pairs if the reference was picked by its results; only pairs with the reference if it was fixed in
        // advance.
        var tests: [Pair: MeanDifference] = [:]
        for first in configurations.indices {
            for second in configurations.indices where first != second {
                let isWanted = second == reference || (!isPlanned && first > second && first != reference)
                guard isWanted, comparability.obstacle(first, second) == nil else { continue }
                let pair = Pair(first: first, second: second)
                tests[pair] = ConfigurationDifference.test(configurations[first], configurations[second])
            }
        }
        let pairs = tests.keys.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
        let adjusted = Dictionary(
            uniqueKeysWithValues: zip(pairs, HolmCorrection.adjusted(pairs.map { tests[$0]!.probability })))
        let result = configurations.indices.filter { $0 != reference }.map { index in
            let pair = Pair(first: index, second: reference)
            let (own, other) = (configurations[index], configurations[reference])
            var difference = ConfigurationDifference(
                first: index, second: reference, test: tests[pair], adjustedProbability: adjusted[pair],
                verdict: .seedNoiseUnknown)
            if let obstacle = comparability.obstacle(index, reference) {
                difference.verdict = .notComparable(obstacle)
            } else if let test = tests[pair], let probability = adjusted[pair] {
                difference.verdict = ConfigurationDifference.verdict(
                    test, adjusted: probability, tests: tests.count, metric: comparability.metric, own, other)
            } else {
                difference.textDifference = textDifference(own, other, metric: comparability.metric, nats: nats)
            }
            return difference
        }
        return (result, tests.count)
    }

    private struct Pair: Hashable {
        var first: Int
        var second: Int
    }

    /// The difference of two runs by segments of the same text; runs with the same seed if there are any.
    private static func textDifference(
        _ first: ComparedConfiguration, _ second: ComparedConfiguration, metric: ComparisonMetric,
        nats: (RunDigest) -> ValidationNats?
    ) -> SegmentDifference? {
        let seed = first.seeds.first { second.seeds.contains($0) }
        func run(_ configuration: ComparedConfiguration) -> RunDigest {
            configuration.runs.first { $0.seed == seed } ?? configuration.runs[0]
        }
        let runs = [run(first), run(second)]
        // If the tokenizer cannot restore the text, its nats are not a code length.
        guard runs.allSatisfy({ $0.figures.final[MetricName.validationBitsPerByte] != nil }) else { return nil }
        let evaluations = runs.compactMap { run -> (bytes: [UInt32], nats: [Double])? in
            guard let nats = nats(run) else { return nil }
            let step = metric.moment == .best ? run.figures.bestStep : nats.evaluations.last?.step
            guard let values = step.flatMap({ nats[step: $0] }), values.allSatisfy(\.isFinite) else { return nil }
            return (nats.segmentBytes, values)
        }
        guard evaluations.count == 2, evaluations[0].bytes == evaluations[1].bytes else { return nil }
        return SegmentDifference(evaluations[0].nats, minus: evaluations[1].nats, bytes: evaluations[0].bytes)
    }
}
