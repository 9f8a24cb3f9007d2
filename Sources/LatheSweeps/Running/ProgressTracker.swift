import LatheComponents
import LatheResults
import LatheSystem

/// Aggregates the progress of a sweep from what its runs have written.
struct ProgressTracker {
    struct Moment {
        var standing: TrialStanding
        var isRunning: Bool
        var hasFailed: Bool
        var target: TrialTarget
        var isReached: Bool
        var isWanted: Bool
    }

    private let name: String
    private let lengths: [Int?]
    private let numbers: [Int]
    private let secondsPerStep: [Double]
    private var reached: [Int: Int] = [:]
    private var lastLook = 0.0
    private var lastFolderLook = 0.0
    private var first: (time: Double, cost: Double)?
    private var last: SweepProgress?

    init(name: String, trials: [Trial], numbers: [Int], secondsPerStep: [Int: Double]) {
        self.name = name
        self.numbers = numbers
        lengths = trials.map(\.spec.training.declaredSteps)
        let known = secondsPerStep.values
        let standard = known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
        self.secondsPerStep = trials.indices.map { secondsPerStep[$0] ?? standard }
    }

    /// Limits scans for new folders to one every 0.5 s.
    mutating func mayLook() -> Bool {
        let now = MonotonicClock.seconds
        guard now - lastFolderLook > 0.5 else { return false }
        lastFolderLook = now
        return true
    }

    mutating func progress(_ moments: [Moment], goal: SearchGoal, now: Double) -> SweepProgress {
        if now - lastLook > 0.25 {
            lastLook = now
            for (position, moment) in moments.enumerated() where moment.isRunning {
                guard let folder = moment.standing.folder, let step = Self.lastStep(folder.timing) else { continue }
                reached[position] = step
            }
        }
        var progress = SweepProgress(name: name)
        var cost = (done: 0.0, left: 0.0)
        for (position, moment) in moments.enumerated() where moment.isWanted {
            progress.trials += 1
            if moment.standing.status == .completed || moment.standing.status == .pruned {
                progress.done += 1
            } else if moment.hasFailed {
                progress.failed += 1
            } else if moment.isRunning {
                progress.running += 1
            }
            if moment.standing.status == .completed, let value = moment.standing.value, !value.isNaN,
                progress.best.map({ goal.prefers(value, to: $0.value) }) ?? true
            {
                progress.best = (numbers[position], value)
            }
            guard let length = lengths[position] else { continue }
            var wanted = length
            if case .step(let step) = moment.target { wanted = min(step, length) }
            let done = moment.isReached ? wanted : min(wanted, max(moment.standing.step, reached[position] ?? 0))
            progress.steps.done += done
            progress.steps.wanted += wanted
            cost.done += Double(done) * secondsPerStep[position]
            if !moment.hasFailed { cost.left += Double(wanted - done) * secondsPerStep[position] }
        }
        if let first {
            let gained = cost.done - first.cost
            if gained > 0, now - first.time > 1 { progress.secondsLeft = cost.left * (now - first.time) / gained }
        } else {
            first = (now, cost.done)
        }
        return progress
    }

    /// The step in the last complete line of a `timing.jsonl`, without reading the whole file.
    private static func lastStep(_ path: String) -> Int? {
        guard let file = try? OpenFile(path), let end = try? file.status.size,
            let bytes = try? file.bytes(at: max(0, end - 512), count: 512)
        else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .dropLast()
        return lines.last.flatMap { try? JSONValue(parsing: $0) }?["step"]?.integer
    }
}
