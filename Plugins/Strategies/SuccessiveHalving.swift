import LatheComponents
import LatheSpec

/// Asynchronous successive halving (Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020):
/// all trials run to the first rung, the best of each rung are promoted to the next, and those promoted from the last
/// one run to their end.
///
/// Results are considered in trial order, not in order of arrival: of the first n trials of a rung the best ⌊n /
/// reduction⌋ are promoted, for each n in turn. So promotion depends on results alone, not on workers, timing or
/// interruptions.
struct SuccessiveHalving: SearchStrategy {
    struct Config: ComponentConfig {
        @Field(
            "Distinct cells to draw at random, each run with every seed; null for every cell of the grid.",
            in: 1...1_000_000)
        var trials: Int?
        @Field("Steps after which trials are compared, ascending.", count: 1...64) var rungs: [Int]
        @Field("Keep one in N trials per rung.", in: 2...100) var reduction = 3

        func check(_ problems: inout Problems) {
            if rungs.contains(where: { $0 < 1 }) || zip(rungs, rungs.dropFirst()).contains(where: { $0 >= $1 }) {
                problems.error(
                    "'rungs': found \(rungs), must be ascending step counts, at least 1", at: $rungs.mark)
            }
        }
    }

    static let name = "asha"
    static let summary = "Successive halving: the best trials on each rung continue, the rest are pruned."
    private let config: Config

    init(_ config: Config) { self.config = config }

    var cellCount: Int? { config.trials }
    var rungs: [Int] { config.rungs }

    /// Rungs must be within the trials and at validation steps.
    func problems(in space: SearchSpace) -> [SearchProblem] {
        var problems: [SearchProblem] = []
        if config.trials == nil { problems += Grid(Grid.Config()).problems(in: space) }
        for rung in config.rungs {
            for interval in space.validationIntervals.sorted()
            where rung % interval != 0 && !space.lengths.contains(rung) {
                problems.append(
                    SearchProblem(
                        "rung \(rung) is not a multiple of validation.every \(interval), so trials have no result there"
                    ))
            }
        }
        if let shortest = space.lengths.min(), let last = config.rungs.last, last > shortest {
            problems.append(SearchProblem("rung \(last) is past the end of the trials at step \(shortest)"))
        }
        return problems
    }

    /// A random draw, or a cell of the grid in random order.
    func cell(_ index: Int, in space: SearchSpace, seed: UInt64) -> [SearchChoice]? {
        guard config.trials == nil else { return Draws.cell(index, in: space, seed: seed) }
        // In grid order neighbours are similar, so the first trials would only be compared with their like.
        return Draws.shuffled(index, count: GridOrder.count(space), seed: seed).flatMap {
            GridOrder.cell($0, in: space)
        }
    }

    func targets(_ trials: [TrialProgress], goal: SearchGoal) -> [TrialTarget] {
        var level = [Int](repeating: 0, count: trials.count)
        var rung = Rung(members: Array(trials.indices), isFinal: true)
        for (index, step) in config.rungs.enumerated() {
            rung = rung.promoted(at: step, trials, goal, reduction: config.reduction)
            for member in rung.members { level[member] = index + 1 }
        }
        return level.map { $0 < config.rungs.count ? .step(config.rungs[$0]) : .complete }
    }
}

/// The trials promoted to a rung.
private struct Rung {
    /// In order of promotion.
    var members: [Int]
    /// Whether no more trials can join.
    var isFinal: Bool

    /// The trials promoted from this rung so far.
    func promoted(at step: Int, _ trials: [TrialProgress], _ goal: SearchGoal, reduction: Int) -> Rung {
        var promoted: [Int] = []
        var seen: [(trial: Int, value: Double)] = []
        for member in members {
            // Stop at the first unknown result; looking past it would make promotion depend on order of arrival.
            guard let value = trials[member].measured[step] ?? (trials[member].hasFailed ? .nan : nil) else { break }
            seen.append((member, value))
            let ranked = seen.filter { !$0.value.isNaN }.sorted { left, right in
                left.value == right.value ? left.trial < right.trial : goal.prefers(left.value, to: right.value)
            }
            // A rung with fewer trials than `reduction` still promotes its best.
            let isLast = isFinal && seen.count == members.count
            let count = max(seen.count / reduction, isLast ? 1 : 0)
            for (trial, _) in ranked.prefix(count) where !promoted.contains(trial) { promoted.append(trial) }
        }
        return Rung(members: promoted, isFinal: isFinal && seen.count == members.count)
    }
}
