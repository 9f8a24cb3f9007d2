import ArgumentParser
import LatheComponents
import LatheData
import LatheGraph
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheTraining

/// `lathe run`
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train an experiment and write its result folder.",
        discussion: "Ctrl-C finishes the step, saves a checkpoint and exits with 3; 'lathe resume' goes on from there.")

    @OptionGroup var spec: SpecOptions
    @OptionGroup var results: ResultsOptions
    @Flag(name: .shortAndLong, help: "Print the result only.")
    var quiet = false
    @Flag(help: "Run every combination of values that are separated by commas: 'optimizer.learning_rate=1e-3,3e-3'.")
    var multirun = false

    func run() throws {
        if multirun { return try Multirun(spec, results: results.path).run(isQuiet: quiet) }
        let bench = try Workbench(spec.path, overrides: spec.overrides, registry: try .installed())
        let data = try bench.prepare(isQuiet: quiet)
        let plan = try bench.plan(data)
        let session = try RunSession.create(try bench.request(spec.overrides), plan: plan, data: data, in: results.path)
        try TrainingCommand(session: session, plan: plan, data: data, pool: bench.pool(), isQuiet: quiet).run()
    }
}

/// `lathe resume`
struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with a run that was interrupted or killed, as if nothing had happened.")

    @Argument(help: ArgumentHelp("The run: its path, its id, a unique prefix of it, or 'last'.", valueName: "run"))
    var address: String
    @OptionGroup var results: ResultsOptions
    @Flag(name: .shortAndLong, help: "Print the result only.")
    var quiet = false

    func run() throws {
        let stored = try results.folder.run(address)
        guard stored.status != .completed else {
            throw UsageError(
                "\(stored.folder.path): the run is completed; 'lathe fork' starts a new one from its checkpoints")
        }
        let bench = try Workbench(stored.folder, registry: try .installed())
        let data = try bench.prepare(isQuiet: quiet)
        for (what, then, now) in [
            ("text or split", stored.record.hashes.data, data.dataHash),
            ("tokenizer", stored.record.hashes.tokenizer, data.tokenizerHash),
        ] where then != nil && then != now {
            throw UsageError(
                "\(stored.folder.path): the \(what) has changed since the run began, so it cannot go on as the same run; "
                    + "bring the old one back, or start a new run from \(stored.folder.configuration)")
        }
        let plan = try bench.plan(data)
        try checkIdentity(of: stored, bench)
        let session = try RunSession.resume(stored.folder) { Console.error("warning: \($0)") }
        let command = TrainingCommand(session: session, plan: plan, data: data, pool: bench.pool(), isQuiet: quiet)
        let version = Version.withBuild
        if stored.record.latheVersion != version {
            command.display.say(
                "warning: the run was begun by build \(stored.record.latheVersion), this is \(version): results may differ in the last bits",
                always: true)
        }
        let then = stored.record.blas?.precision, now = bench.experiment.spec.compute.precision.products.name
        if let then, then != now {
            command.display.say(
                "warning: the run was begun with products in \(then), this CPU does them in \(now): results will differ",
                always: true)
        }
        try command.run()
    }

    /// Its record describes a run by the configuration that it began with: another one makes another run.
    ///
    /// - Throws: `UsageError` where this build, which would give the same configuration the same identity, gives another.
    private func checkIdentity(of stored: StoredRun, _ bench: Workbench) throws {
        guard stored.record.latheVersion == Version.withBuild else { return }
        var parent: (run: StoredRun, step: Int)?
        if let from = stored.record.parent {
            // A parent may be gone.
            guard let run = try? results.folder.run(from.run) else { return }
            parent = (run, from.step)
        }
        guard try bench.request([], parent: parent).identity != stored.record.identity else { return }
        throw UsageError(
            "\(stored.folder.configuration): has changed since the run began, so it cannot go on as the same run; "
                + "bring the old values back, which run.json has, or make changes with 'lathe fork \(stored.folder.path) KEY=VALUE'"
        )
    }
}

/// `lathe fork`
struct Fork: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a new run from a checkpoint of another, with changes.",
        discussion: "lathe fork last@500 training.steps=4000 optimizer.learning_rate=1e-4")

    @Argument(
        help: ArgumentHelp(
            "The run, and the step of a checkpoint that is kept; the newest by default.", valueName: "run[@step]"))
    var address: String
    @Argument(help: ArgumentHelp("Changes to the run's configuration.", valueName: "key=value"))
    var overrides: [String] = []
    @OptionGroup var results: ResultsOptions
    @Flag(name: .shortAndLong, help: "Print the result only.")
    var quiet = false

    func run() throws {
        let (parent, step) = try results.folder.checkpoint(address)
        let bench = try Workbench(parent.folder, overrides: overrides, registry: try .installed())
        let data = try bench.prepare(isQuiet: quiet)
        guard data.tokenizerHash == parent.record.hashes.tokenizer else {
            throw UsageError(
                "the fork's tokenizer is another one than the parent's: its ids mean other things to the model")
        }
        let plan = try bench.plan(data)
        let request = try bench.request(overrides, parent: (parent, step))
        let session = try RunSession.fork(
            request, from: parent.folder, step: step, plan: plan, data: data, in: results.path
        ) { Console.error("note: \($0)") }
        try TrainingCommand(session: session, plan: plan, data: data, pool: bench.pool(), isQuiet: quiet).run()
    }
}

/// Training in a run folder, shared by run, resume and fork.
struct TrainingCommand {
    let session: RunSession
    let plan: RunPlan
    let data: RunData
    let pool: ThreadPool
    let display: RunDisplay

    init(session: RunSession, plan: RunPlan, data: RunData, pool: ThreadPool, isQuiet: Bool) {
        self.session = session
        self.plan = plan
        self.data = data
        self.pool = pool
        display = RunDisplay(log: session.folder.log, isQuiet: isQuiet)
    }

    /// Trains, draws the curves, and says what came of it.
    func run() throws {
        Interruption.watch()
        let spec = plan.experiment.spec, folder = session.folder
        display.say(
            "\(spec.name): \(spec.model.name), \(NumberText.grouped(plan.layout.parameterCount)) parameters, \(NumberText.grouped(plan.steps)) steps of "
                + "\(spec.training.batchSize) x \(spec.training.context) tokens (\(NumberText.decimals(plan.epochs, 2)) epochs of \(NumberText.grouped(plan.batchesPerEpoch)) batches), "
                + "\(pool.threadCount) threads" + (pool.precision == .single ? "" : ", \(pool.precision.name)")
        )
        display.say("in \(folder.path)")
        let outcome: RunOutcome, summary: RunSummary?
        do {
            (outcome, summary) = try session.train(plan, data: data, pool: pool, observer: display) {
                try LossCurves.write(into: $0)
            }
        } catch {
            display.say("failed: \(error)", always: true)
            throw Finished(code: error is DamagedCheckpoint ? 2 : 1)
        }
        guard case .completed = outcome, let summary else {
            display.say("interrupted; 'lathe resume \(folder.path)' goes on", always: true)
            throw Finished(code: 3)
        }
        if let reason = summary.stopReason { display.say("stopped early: \(reason)") }
        display.say(summary.verdict.text)
        if let floor = summary.floorBitsPerByte, let final = summary.final[MetricName.validationBitsPerByte] {
            let share = (data.unigramBitsPerByte - final) / (data.unigramBitsPerByte - floor)
            display.say(
                "\(NumberText.loss(final)) bits/byte: \(NumberText.percent(share)) of the way from the entropy of single bytes, "
                    + "\(NumberText.loss(data.unigramBitsPerByte)), to the text's own floor, \(NumberText.loss(floor))")
        }
        if let share = summary.acceptedShare {
            display.say("the grammar accepts \(NumberText.percent(share)) of the sentences in samples/judged.txt")
        }
        if summary.unrankedReason != nil { display.say("bits/byte are unknown: \(summary.unrankedReason ?? "")") }
        print(folder.path)
    }
}

extension ResultsFolder {
    /// `run[@step]` taken apart. The folders above a run may have an @ in their names.
    func parts(ofCheckpoint address: String) throws -> (run: String, step: String?) {
        let name = address.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let parts = name.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw UsageError("'\(address)' is not of the form run[@step]") }
        guard parts.count == 2 else { return (address, nil) }
        return (String(address.dropLast(parts[1].count + 1)), String(parts[1]))
    }

    /// The run and the checkpoint that `run[@step]` names, or its newest.
    func checkpoint(_ address: String) throws -> (run: StoredRun, step: Int) {
        let parts = try parts(ofCheckpoint: address)
        let run = try run(parts.run)
        let steps = try run.folder.checkpointSteps()
        guard let newest = steps.last else { throw UsageError("\(run.folder.path): the run has no checkpoint") }
        guard let name = parts.step else { return (run, newest) }
        let links = ["best": run.folder.step(of: .best), "last": run.folder.step(of: .last)]
        guard let step = links[name] ?? Int(name), steps.contains(step) else {
            throw UsageError(
                "\(run.folder.path): there is no checkpoint '\(name)'; there are best, last and \(steps.map(String.init).joined(separator: ", "))"
            )
        }
        return (run, step)
    }
}
