/// A configuration in a comparison: all runs that differ only in their seed, as one row.
public struct ComparedConfiguration: Sendable, Equatable {
    public var label: String
    /// The resolved spec of its first run, flattened to dotted keys.
    public var configuration: [String: String]
    /// The completed runs that count, one per seed, sorted by seed; each has a finite value.
    public var runs: [RunDigest]
    /// Runs that do not count: not completed, or without a finite value. Sorted by seed.
    public var uncounted: [RunDigest]
    /// The metric of each of `runs`, in the same order.
    public var values: [Double]

    /// - Precondition: one value per run, and at least one run, counted or not.
    public init(
        label: String = "", runs: [RunDigest], values: [Double], uncounted: [RunDigest] = []
    ) {
        precondition(runs.count == values.count && !(runs + uncounted).isEmpty, "a figure for each of the runs")
        self.label = label
        configuration = (runs + uncounted)[0].configuration
        self.runs = runs
        self.uncounted = uncounted
        self.values = values
    }

    public var allRuns: [RunDigest] { runs + uncounted }
    /// The runs that count, or all runs if none does.
    public var shownRuns: [RunDigest] { runs.isEmpty ? uncounted : runs }
    /// The names of its runs' experiments, without repeats.
    public var names: [String] {
        allRuns.map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    public var seeds: [UInt64] { runs.map(\.seed) }
    public var count: Int { values.count }
    /// The mean over seeds; nil if no run counts.
    public var mean: Double? { values.isEmpty ? nil : SampleStatistics.mean(values) }
    /// Half the width of the 95 % t interval of the mean; nil below two seeds.
    public var halfWidth: Double? { SampleStatistics.intervalHalfWidth(values) }
    public var interval: ClosedRange<Double>? {
        guard let mean, let halfWidth else { return nil }
        return (mean - halfWidth)...(mean + halfWidth)
    }
    /// Over seeds, with n − 1; nil below two.
    public var standardDeviation: Double? { SampleStatistics.standardDeviation(values) }

    /// The mean of another number over ``shownRuns``; nil if none of them has it.
    public func mean(_ number: (RunDigest) -> Double?) -> Double? {
        let numbers = shownRuns.compactMap(number)
        return numbers.isEmpty ? nil : SampleStatistics.mean(numbers)
    }
}

extension ComparedConfiguration {
    /// Groups runs into configurations, in order of first appearance. Of several runs with the same seed only one
    /// counts; the others are returned as duplicates.
    static func group(
        _ runs: [RunDigest], value: (RunDigest) -> Double?
    ) -> (configurations: [ComparedConfiguration], duplicates: [DuplicateRun]) {
        var order: [String] = []
        var byKey: [String: [RunDigest]] = [:]
        for run in runs {
            let key = run.configurationKey
            if byKey[key] == nil { order.append(key) }
            byKey[key, default: []].append(run)
        }
        var duplicates: [DuplicateRun] = []
        let configurations = order.map { key -> ComparedConfiguration in
            let bySeed = Dictionary(grouping: byKey[key]!, by: \.seed).sorted { $0.key < $1.key }
            var counted: [(run: RunDigest, value: Double)] = []
            var uncounted: [RunDigest] = []
            for (_, equal) in bySeed {
                guard let run = equal.counting() else { continue }
                duplicates += equal.filter { $0.path != run.path }.map { DuplicateRun(run: $0, counting: run.path) }
                if run.status == .completed, let value = value(run), value.isFinite {
                    counted.append((run, value))
                } else {
                    uncounted.append(run)
                }
            }
            return ComparedConfiguration(
                runs: counted.map(\.run), values: counted.map(\.value), uncounted: uncounted)
        }
        return (configurations, duplicates)
    }
}

/// A run that is left out because an identical one counts.
public struct DuplicateRun: Sendable, Equatable {
    public var run: RunDigest
    /// The folder of the run that counts.
    public var counting: String
}
