public import LatheComponents
import LatheResults
import LatheSpec
import LatheSystem

/// Runs all missing trials of a sweep: starts workers, follows them and handles how they end.
///
/// All state that matters is in the results folder, so after a kill the next runner continues from there.
public final class SweepRunner {
    public struct Options {
        public var failsFast = false
        /// After this many seconds, no work is started and running trials are asked to save and stop.
        public var budget: Double?
        /// Trial numbers to work on; nil for all.
        public var only: Set<Int>?
        /// Whether to discard what earlier attempts left.
        public var startsOver = false
        /// Seconds per step of each trial, by position, where known; used to estimate the time left.
        public var secondsPerStep: [Int: Double] = [:]
        /// Whether the user asked the program to stop.
        public var isInterrupted: () -> Bool = { false }

        public init() {}
    }

    private let expansion: SweepExpansion
    private let numbers: [Int]
    private let folder: SweepFolder
    private let launcher: any OpenLauncher
    private let job: (SweepJob, Trial) -> LaunchJob
    private let options: Options
    private weak var observer: (any SweepObserver)?
    private var index: RunIndex
    private var entries: [Entry]
    private var events: LineWriter?
    private var progressTracker: ProgressTracker
    private var targets: [TrialTarget] = []
    private var cancelled: Double?

    private struct Entry {
        var standing: TrialStanding
        var job: String?
        /// Diverged, or failed or interrupted under this runner; not tried again.
        var isSetAside = false
        var hasFailed = false
        /// When to check again on a run that another process is working on.
        var elsewhereUntil: Double?
        /// Whether this runner has started it.
        var wasStarted = false
    }

    private var goal: SearchGoal { expansion.definition.objective.goal }
    private var metric: String { expansion.definition.objective.metric }

    /// Runs registered trials, in a folder whose lock the caller holds.
    ///
    /// - Parameter job: the command for a job.
    public init(
        _ expansion: SweepExpansion, numbers: [Int], folder: SweepFolder, launcher: any OpenLauncher, options: Options,
        observer: any SweepObserver, job: @escaping (SweepJob, Trial) -> LaunchJob
    ) {
        self.expansion = expansion
        self.numbers = numbers
        self.folder = folder
        self.launcher = launcher
        self.options = options
        self.observer = observer
        self.job = job
        index = RunIndex(results: folder.results)
        events = try? LineWriter(appendingTo: folder.events)
        entries = []
        progressTracker = ProgressTracker(
            name: folder.name, trials: expansion.trials, numbers: numbers, secondsPerStep: options.secondsPerStep)
        entries = expansion.trials.map { trial in
            var entry = Entry(standing: standing(trial))
            // Runs are exact: only a change can help, and `retry` is for changes.
            if entry.standing.status == .diverged, !options.startsOver {
                entry.isSetAside = true
                entry.hasFailed = true
            }
            return entry
        }
    }

    /// Returns when everything is done or a stop was requested.
    public func run() throws -> SweepEnd {
        let start = MonotonicClock.seconds
        try DurableFolder.remove(folder.stopRequest)
        var stopReason: String?
        targets = sampled()
        while true {
            let now = MonotonicClock.seconds
            var isChanged = try pollJobs(now)
            isChanged = checkElsewhere(now) || isChanged
            if isChanged { targets = sampled() }
            stopReason = stopReason ?? reasonToStop(elapsed: now - start)
            if stopReason != nil { try cancelJobs(now) } else { submitJobs() }
            observer?.progressed(progressTracker.progress(snapshot(), goal: goal, now: now))
            let isWaiting = stopReason == nil && entries.contains { $0.elsewhereUntil != nil }
            if entries.allSatisfy({ $0.job == nil }), !isWaiting, stopReason != nil || nextTrial() == nil { break }
            pause(seconds: 0.02)
        }
        let hasFailed = entries.contains(where: \.hasFailed)
        if let stopReason { return hasFailed && options.failsFast ? .failed : .stopped(stopReason) }
        prune()
        observer?.progressed(progressTracker.progress(snapshot(), goal: goal, now: MonotonicClock.seconds))
        if hasFailed { return .failed }
        let interrupted = entries.filter { $0.isSetAside && !$0.hasFailed }.count
        guard interrupted > 0 else { return .done }
        return .stopped("\(interrupted) trial\(interrupted == 1 ? " was" : "s were") interrupted")
    }

    /// In the order of the expansion.
    public var standings: [TrialStanding] { entries.map(\.standing) }

    private func standing(_ trial: Trial) -> TrialStanding {
        TrialStanding(index.run(trial.identity), metric: metric, rungs: expansion.strategy.rungs)
    }

    private func isWanted(_ position: Int) -> Bool { options.only?.contains(numbers[position]) ?? true }

    // MARK: Scheduling

    private func sampled() -> [TrialTarget] {
        expansion.strategy.targets(
            entries.map { entry in
                TrialProgress(
                    measured: entry.standing.measured, isComplete: entry.standing.status == .completed,
                    hasFailed: entry.hasFailed)
            }, goal: goal)
    }

    private func isReached(_ position: Int) -> Bool {
        let standing = entries[position].standing
        if standing.status == .completed { return true }
        guard case .step(let step) = targets[position] else { return false }
        return standing.measured[step] != nil
    }

    /// The next trial to start: of those that can run, the one promoted furthest.
    private func nextTrial() -> Int? {
        entries.indices.filter { position in
            let entry = entries[position]
            return entry.job == nil && !entry.isSetAside && entry.elsewhereUntil == nil && isWanted(position)
                && !isReached(position)
        }.max { left, right in
            (rank(left), -left) < (rank(right), -right)
        }
    }

    private func rank(_ position: Int) -> Int {
        guard case .step(let step) = targets[position] else { return expansion.strategy.rungs.isEmpty ? 0 : .max }
        return step
    }

    private func submitJobs() {
        while entries.filter({ $0.job != nil }).count < launcher.capacity, let position = nextTrial() {
            let trial = expansion.trials[position]
            var untilStep: Int?
            if case .step(let step) = targets[position] { untilStep = step }
            let wanted = SweepJob(
                trial: numbers[position], spec: folder.spec(numbers[position]), identity: trial.identity,
                untilStep: untilStep, startsOver: options.startsOver && !entries[position].wasStarted)
            do {
                entries[position].job = try launcher.submit(job(wanted, trial))
                if !entries[position].wasStarted { happened(.started, position) }
                entries[position].wasStarted = true
            } catch {
                fail(position, "cannot start: \(error)")
            }
        }
    }

    // MARK: Results

    private func pollJobs(_ now: Double) throws -> Bool {
        var isChanged = false
        for position in entries.indices {
            guard let id = entries[position].job, case .ended(let end) = try launcher.poll(id) else { continue }
            entries[position].job = nil
            isChanged = true
            index.refresh()
            entries[position].standing = standing(expansion.trials[position])
            finish(position, end, now)
        }
        return isChanged
    }

    private func finish(_ position: Int, _ end: LaunchEnd, _ now: Double) {
        let standing = entries[position].standing
        if standing.status == .completed {
            happened(.completed, position, standing.value.map { "\(metric) \(NumberText.loss($0))" })
            return
        }
        switch end.cause {
        case .exit(WorkerExit.done):
            if case .step(let step) = targets[position], let value = standing.measured[step] {
                happened(.paused, position, "step \(step), \(metric) \(NumberText.loss(value))")
            } else {
                fail(position, "the worker succeeded but logged no '\(metric)' at its last step")
            }
        case .exit(WorkerExit.elsewhere):
            entries[position].elsewhereUntil = now + 1
        case .exit(WorkerExit.interrupted):
            entries[position].isSetAside = true
            happened(.interrupted, position, "at step \(standing.step)")
        case .exit(let code) where WorkerExit.askedTwice.contains(code):
            entries[position].isSetAside = true
            happened(.interrupted, position, "immediately, on a second signal")
        case .exit(let code):
            let said = end.output.split(separator: "\n").map(String.init)
            let error = said.last { $0.contains("error: ") } ?? said.last
            let known = standing.status == .failed || standing.status == .diverged ? standing.failure : nil
            fail(position, known ?? error ?? "exited with code \(code) and printed nothing")
        case .signal(let signal):
            let message = end.reason ?? "the worker was killed by \(SignalName.text(signal))"
            recordFailure(position, message)
            fail(position, message)
        }
    }

    private func fail(_ position: Int, _ message: String) {
        entries[position].isSetAside = true
        entries[position].hasFailed = true
        entries[position].standing.failure = message
        let log = folder.log(numbers[position])
        let isDiverged = entries[position].standing.status == .diverged
        happened(isDiverged ? .diverged : .failed, position, "\(message) (log: \(log))")
    }

    /// Records a failure on behalf of a worker that died.
    private func recordFailure(_ position: Int, _ message: String) {
        guard let run = entries[position].standing.folder, let lock = try? run.lock() else { return }
        _ = try? run.updateRecord { record in
            record.status = .failed
            record.failure = message
            record.ended = .now()
        }
        withExtendedLifetime(lock) {}
        entries[position].standing.status = .failed
    }

    /// Checks again on runs that another process was working on.
    private func checkElsewhere(_ now: Double) -> Bool {
        var isChanged = false
        for position in entries.indices {
            guard let until = entries[position].elsewhereUntil, now >= until else { continue }
            entries[position].elsewhereUntil = nil
            isChanged = true
            index.refresh()
            entries[position].standing = standing(expansion.trials[position])
            if entries[position].standing.status == .completed {
                happened(.completed, position, "by another sweep")
            }
        }
        return isChanged
    }

    private func prune() {
        for position in entries.indices where isWanted(position) && isReached(position) {
            guard case .step(let step) = targets[position], let run = entries[position].standing.folder,
                entries[position].standing.status != .completed, entries[position].standing.status != .pruned,
                let lock = try? run.lock()
            else { continue }
            _ = try? run.updateRecord { $0.status = .pruned }
            withExtendedLifetime(lock) {}
            entries[position].standing.status = .pruned
            happened(.pruned, position, "at step \(step)")
        }
    }

    // MARK: Stopping

    private func reasonToStop(elapsed: Double) -> String? {
        if options.isInterrupted() { return "interrupted" }
        if Path.exists(folder.stopRequest) { return "requested by 'lathe sweep stop'" }
        if let budget = options.budget, elapsed > budget {
            return "its budget of \(NumberText.duration(seconds: budget)) is used up"
        }
        let failed = entries.indices.first { position in
            entries[position].hasFailed
                && (entries[position].standing.status != .diverged || entries[position].wasStarted)
        }
        if options.failsFast, let failed {
            return "trial \(numbers[failed]) failed"
        }
        return nil
    }

    /// Seconds that workers get to save their work before they are killed.
    private static let patience = 60.0

    private func cancelJobs(_ now: Double) throws {
        let isFirst = cancelled == nil
        let isOver = !isFirst && now - (cancelled ?? now) > Self.patience
        if isFirst || isOver { cancelled = now }
        for entry in entries {
            guard let job = entry.job else { continue }
            if isFirst { try launcher.cancel(job) } else if isOver { try launcher.kill(job) }
        }
    }

    // MARK: Reporting

    private func happened(_ kind: SweepEvent.Kind, _ position: Int, _ message: String? = nil) {
        let event = SweepEvent(kind, trial: numbers[position], message: message)
        do { try events?.append(event.line) } catch {
            // A failure to log is not worth ending the sweep for.
            events = nil
            observer?.noted("\(error)")
        }
        observer?.happened(event, label: expansion.trials[position].label)
    }

    private func snapshot() -> [ProgressTracker.Moment] {
        if entries.contains(where: { $0.job != nil && $0.standing.folder == nil }), progressTracker.mayLook() {
            index.refresh()
            for position in entries.indices
            where entries[position].job != nil && entries[position].standing.folder == nil {
                entries[position].standing.folder = index.run(expansion.trials[position].identity)?.folder
            }
        }
        return entries.enumerated().map { position, entry in
            ProgressTracker.Moment(
                standing: entry.standing, isRunning: entry.job != nil || entry.elsewhereUntil != nil,
                hasFailed: entry.hasFailed, target: targets[position], isReached: isReached(position),
                isWanted: isWanted(position))
        }
    }
}
