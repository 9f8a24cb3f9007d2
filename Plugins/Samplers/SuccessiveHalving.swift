public import LatheComponents
public import LatheSpec

/// Successive halving without barriers (Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020): all trials run to the
/// first rung; of those that have reached a rung, the best go on to the next; those that pass the last one run to their end.
///
/// Results are taken in the order of the trials, not in that in which they happen to arrive: of the first n trials of a rung the best ⌊n / reduction⌋
/// go on, for each n in turn. So which trials are promoted depends on results alone, not on workers, times or interruptions.
public struct SuccessiveHalving: Sampler {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// How many.
        @Field(
            "Different cells to draw at random, each with every seed; null for every cell of the grid.",
            in: 1...1_000_000)
        public var trials: Int?
        /// Where trials are compared.
        @Field("Steps after which trials are compared, ascending.", count: 1...64) public var rungs: [Int]
        /// How hard they are cut.
        @Field("Of so many trials on a rung, one goes on.", in: 2...100) public var reduction = 3
        /// The defaults.
        public init() {}

        /// Ascending, from 1.
        public func check(_ problems: inout Problems) {
            if rungs.contains(where: { $0 < 1 }) || zip(rungs, rungs.dropFirst()).contains(where: { $0 >= $1 }) {
                problems.error(
                    "'rungs': found \(rungs), must be ascending numbers of steps from 1", at: $rungs.mark)
            }
        }
    }

    /// `asha`
    public static let name = "asha"
    /// What it is, in a line.
    public static let summary = "Successive halving: the best on each rung go on, the rest are pruned."
    private let config: Config

    /// A search by successive halving.
    public init(_ config: Config) { self.config = config }

    /// The number of trials.
    public var cellCount: Int? { config.trials }
    /// The rungs.
    public var rungs: [Int] { config.rungs }

    /// Rungs lie within the trials, at validations.
    public func problems(in space: SearchSpace) -> [SearchProblem] {
        var problems: [SearchProblem] = []
        if config.trials == nil { problems += Grid(Grid.Config()).problems(in: space) }
        for rung in config.rungs {
            for interval in space.validationIntervals.sorted()
            where rung % interval != 0 && !space.lengths.contains(rung) {
                problems.append(
                    SearchProblem(
                        "rung \(rung) is no multiple of validation.every \(interval), so nothing is known of a trial there"
                    ))
            }
        }
        if let shortest = space.lengths.min(), let last = config.rungs.last, last > shortest {
            problems.append(SearchProblem("rung \(last) lies behind the end of the trials at step \(shortest)"))
        }
        return problems
    }

    /// The draw with this number, or the cell of the grid, which is walked in a random order.
    public func cell(_ index: Int, in space: SearchSpace, seed: UInt64) -> [SearchChoice]? {
        guard config.trials == nil else { return Draws.cell(index, in: space, seed: seed) }
        // In the grid's own order neighbours are alike, and the first of them would be compared among themselves.
        return Draws.shuffled(index, count: GridOrder.count(space), seed: seed).flatMap {
            GridOrder.cell($0, in: space)
        }
    }

    /// Promotes rung by rung.
    public func targets(_ trials: [TrialProgress], goal: SearchGoal) -> [TrialTarget] {
        var level = [Int](repeating: 0, count: trials.count)
        var rung = Rung(members: Array(trials.indices), isFinal: true)
        for (index, step) in config.rungs.enumerated() {
            rung = rung.promoted(at: step, trials, goal, reduction: config.reduction)
            for member in rung.members { level[member] = index + 1 }
        }
        return level.map { $0 < config.rungs.count ? .step(config.rungs[$0]) : .complete }
    }
}

/// The trials that go on to a rung.
private struct Rung {
    /// In the order in which they were promoted.
    var members: [Int]
    /// Whether nobody will join them.
    var isFinal: Bool

    /// Those that go on from this rung, as far as that is known.
    func promoted(at step: Int, _ trials: [TrialProgress], _ goal: SearchGoal, reduction: Int) -> Rung {
        var promoted: [Int] = []
        var seen: [(trial: Int, value: Double)] = []
        for member in members {
            // The order would depend on arrival if those behind an unknown result were looked at.
            guard let value = trials[member].measured[step] ?? (trials[member].hasFailed ? .nan : nil) else { break }
            seen.append((member, value))
            let ranked = seen.filter { !$0.value.isNaN }.sorted { left, right in
                left.value == right.value ? left.trial < right.trial : goal.prefers(left.value, to: right.value)
            }
            // A rung with fewer trials than the reduction still has a best one.
            let isLast = isFinal && seen.count == members.count
            let count = max(seen.count / reduction, isLast ? 1 : 0)
            for (trial, _) in ranked.prefix(count) where !promoted.contains(trial) { promoted.append(trial) }
        }
        return Rung(members: promoted, isFinal: isFinal && seen.count == members.count)
    }
}
