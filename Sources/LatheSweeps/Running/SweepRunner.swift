public import LatheComponents
import LatheResults
import LatheSpec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Brings results/ to the state that a sweep declares: starts workers, follows them, and takes their ends for what they are.
///
/// It keeps nothing in memory that matters: after a kill, the next runner finds the same state in the results folder.
public final class SweepRunner {
    /// How a sweep is run.
    public struct Options {
        /// Whether the first failure ends the sweep.
        public var failsFast = false
        /// Seconds after which no more work is begun, and what runs is saved.
        public var budget: Double?
        /// The numbers of the trials to work on; nil for all.
        public var only: Set<Int>?
        /// Whether what earlier attempts left of those trials is dropped.
        public var startsOver = false
        /// Seconds that a step of each trial takes, by position, where they are known: for the time left.
        public var secondsPerStep: [Int: Double] = [:]
        /// Whether somebody wants the program to end.
        public var isInterrupted: () -> Bool = { false }

        /// All trials, to the end.
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

    /// A trial at work.
    private struct Entry {
        var standing: TrialStanding
        var job: String?
        /// Failed or interrupted since the runner began: nothing more is tried.
        var isSetAside = false
        var hasFailed = false
        /// When to ask again for a run that another process works on.
        var elsewhereUntil: Double?
        /// Whether this runner has begun it.
        var wasStarted = false
    }

    private var goal: SearchGoal { expansion.definition.objective.goal }
    private var metric: String { expansion.definition.objective.metric }

    /// A runner of registered trials, in a folder whose lock the caller holds.
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
        entries = expansion.trials.map { Entry(standing: standing($0)) }
    }

    /// Works until everything is done, or an end was asked for.
    public func run() throws -> SweepEnd {
        let start = monotonicSeconds()
        try DurableFolder.remove(folder.stopRequest)
        var stopReason: String?
        targets = sampled()
        while true {
            let now = monotonicSeconds()
            var isChanged = try pollJobs(now)
            isChanged = checkElsewhere(now) || isChanged
            if isChanged { targets = sampled() }
            stopReason = stopReason ?? reasonToStop(elapsed: now - start)
            if stopReason != nil { try cancelJobs(now) } else { submitJobs() }
            observer?.progressed(progressTracker.progress(snapshot(), goal: goal, now: now))
            let isWaiting = stopReason == nil && entries.contains { $0.elsewhereUntil != nil }
            if entries.allSatisfy({ $0.job == nil }), !isWaiting, stopReason != nil || nextTrial() == nil { break }
            usleep(20_000)
        }
        let hasFailed = entries.contains(where: \.hasFailed)
        if let stopReason { return hasFailed && options.failsFast ? .failed : .stopped(stopReason) }
        prune()
        observer?.progressed(progressTracker.progress(snapshot(), goal: goal, now: monotonicSeconds()))
        if hasFailed { return .failed }
        let interrupted = entries.filter { $0.isSetAside && !$0.hasFailed }.count
        return interrupted > 0 ? .stopped("\(interrupted) of its trials were interrupted") : .done
    }

    /// Where each trial stands, in the order of the expansion.
    public var standings: [TrialStanding] { entries.map(\.standing) }

    private func standing(_ trial: Trial) -> TrialStanding {
        TrialStanding(index.run(trial.identity), metric: metric, rungs: expansion.sampler.rungs)
    }

    private func isWanted(_ position: Int) -> Bool { options.only?.contains(numbers[position]) ?? true }

    // MARK: What is to be done

    private func sampled() -> [TrialTarget] {
        expansion.sampler.targets(
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

    /// The trial to start next: of those that can go on, the one that was promoted furthest.
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
        guard case .step(let step) = targets[position] else { return expansion.sampler.rungs.isEmpty ? 0 : .max }
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
                fail(position, "cannot be started: \(error)")
            }
        }
    }

    // MARK: What became of it

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
                fail(position, "ended well, but there is no '\(metric)' where it ended")
            }
        case .exit(WorkerExit.elsewhere):
            entries[position].elsewhereUntil = now + 1
        case .exit(WorkerExit.interrupted):
            entries[position].isSetAside = true
            happened(.interrupted, position, "at step \(standing.step)")
        case .exit(let code) where WorkerExit.askedTwice.contains(code):
            entries[position].isSetAside = true
            happened(.interrupted, position, "at once, asked twice")
        case .exit(let code):
            let said = end.output.split(separator: "\n").map(String.init)
            let error = said.last { $0.contains("error: ") } ?? said.last
            let known = standing.status == .failed ? standing.failure : nil
            fail(position, known ?? error ?? "ended with code \(code) and said nothing")
        case .signal(let signal):
            let message = end.reason ?? "the worker was ended by \(SignalName.text(signal))"
            recordFailure(position, message)
            fail(position, message)
        }
    }

    private func fail(_ position: Int, _ message: String) {
        entries[position].isSetAside = true
        entries[position].hasFailed = true
        entries[position].standing.failure = message
        let log = folder.log(numbers[position])
        happened(.failed, position, "\(message) (log: \(log))")
    }

    /// A worker that died could not write down why.
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

    /// Looks again for runs that another process worked on.
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

    // MARK: Ends that are asked for

    private func reasonToStop(elapsed: Double) -> String? {
        if options.isInterrupted() { return "interrupted" }
        if access(folder.stopRequest, F_OK) == 0 { return "'lathe sweep stop' asked it to" }
        if let budget = options.budget, elapsed > budget {
            return "its budget of \(NumberText.duration(seconds: budget)) is spent"
        }
        if options.failsFast, let failed = entries.indices.first(where: { entries[$0].hasFailed }) {
            return "trial \(numbers[failed]) failed"
        }
        return nil
    }

    /// Seconds that workers have to save their work.
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

    // MARK: What is said

    private func happened(_ kind: SweepEvent.Kind, _ position: Int, _ message: String? = nil) {
        let event = SweepEvent(kind, trial: numbers[position], message: message)
        do { try events?.append(event.line) } catch {
            // The sweep's own diary is not worth ending it for.
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

/// Seconds of a clock that only goes forward.
func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Signals as people know them.
enum SignalName {
    static func text(_ signal: Int) -> String {
        let names: [Int32: String] = [
            SIGKILL: "SIGKILL (kill -9, or the system when memory ran out)", SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT",
            SIGBUS: "SIGBUS (a file was cut while it was read, or the disk is full)", SIGILL: "SIGILL",
            SIGTRAP: "SIGTRAP",
            SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP", SIGXCPU: "SIGXCPU (a limit on processor time)",
            SIGXFSZ: "SIGXFSZ (a limit on the size of files)",
        ]
        return "signal \(signal)" + (names[Int32(signal)].map { ", \($0)" } ?? "")
    }
}
