/// A configuration in a comparison: all runs that differ in their seed only, as one row.
public struct ComparedConfiguration: Sendable, Equatable {
    /// What tells it from the others, in a few words.
    public var label: String
    /// The resolved spec of its first run, flat.
    public var configuration: [String: String]
    /// The completed runs that count, one a seed, by seed; each has a finite figure.
    public var runs: [RunDigest]
    /// Runs that do not count: not completed, or without a figure. By seed.
    public var uncounted: [RunDigest]
    /// The figure of each of `runs`, in their order.
    public var values: [Double]

    /// A configuration of the runs that count, with their figures, and those that do not.
    ///
    /// - Precondition: a figure for each run, and at least one run of either sort.
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

    /// All its runs: those that count first.
    public var allRuns: [RunDigest] { runs + uncounted }
    /// The runs whose figures stand for it: those that count, or all where none does.
    public var shownRuns: [RunDigest] { runs.isEmpty ? uncounted : runs }
    /// The experiments that its runs belong to, each once.
    public var names: [String] {
        allRuns.map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    /// The seeds that count, ascending.
    public var seeds: [UInt64] { runs.map(\.seed) }
    /// How many seeds count.
    public var count: Int { values.count }
    /// The mean over seeds; nil where no run counts.
    public var mean: Double? { values.isEmpty ? nil : SampleStatistics.mean(values) }
    /// Half the width of Student's 95 % interval of the mean; nil below two seeds.
    public var halfWidth: Double? { SampleStatistics.intervalHalfWidth(values) }
    /// The 95 % interval of the mean.
    public var interval: ClosedRange<Double>? {
        guard let mean, let halfWidth else { return nil }
        return (mean - halfWidth)...(mean + halfWidth)
    }
    /// The spread over seeds; nil below two.
    public var standardDeviation: Double? { SampleStatistics.standardDeviation(values) }

    /// The mean of another number over the runs that count, or over all where none does; nil where no run has it.
    public func mean(_ number: (RunDigest) -> Double?) -> Double? {
        let numbers = shownRuns.compactMap(number)
        return numbers.isEmpty ? nil : SampleStatistics.mean(numbers)
    }
}

extension ComparedConfiguration {
    /// The configurations of some runs, in the order in which they first appear, and what was left out because an equal run counts instead.
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

/// A run that is left out because an equal one counts.
public struct DuplicateRun: Sendable, Equatable {
    /// The run.
    public var run: RunDigest
    /// The folder of the one that counts.
    public var counting: String
}
