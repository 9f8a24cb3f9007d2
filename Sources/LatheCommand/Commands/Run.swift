import ArgumentParser
import LatheComponents
import LatheData
import LatheGraph
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem
import LatheTraining

struct Run: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train an experiment and write its result folder.",
        discussion:
            "Ctrl-C finishes the step, saves a checkpoint and exits with code 3; 'lathe resume' continues from there. "
            + "A second Ctrl-C leaves at once without saving.")

    @OptionGroup var spec: SpecOptions
    @OptionGroup var results: ResultsOptions
    @Flag(name: .shortAndLong, help: "Print only the result.")
    var quiet = false
    @Flag(
        name: [.customShort("m"), .long],
        help: "Run every combination of comma-separated values: 'optimizer.learning_rate=1e-3,3e-3'.")
    var multirun = false

    func run(_ registry: Registry) throws {
        if multirun { return try Multirun(spec, results: results.path, registry: registry).run(isQuiet: quiet) }
        let loaded = try LoadedExperiment(spec.path, overrides: spec.overrides, registry: registry)
        let data = try loaded.prepare(isQuiet: quiet)
        let plan = try loaded.plan(data)
        let request = try loaded.request(spec.overrides)
        if let equal = RunIndex(results: results.path).run(request.identity) {
            Console.error(
                "note: \(equal.folder.path) is an identical run (\(equal.status))"
                    + (equal.status == .completed ? "; this one will give the same results" : ""))
        }
        let session = try RunSession.create(request, plan: plan, data: data, in: results.path)
        try TrainingCommand(session: session, plan: plan, data: data, pool: loaded.pool(), isQuiet: quiet).run()
    }
}

struct Resume: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Resume an interrupted or killed run, bit-for-bit as if it had never stopped.",
        discussion:
            "On another kind of machine (SIMD level, precision, product kernels) results differ; a warning says so.")

    @Argument(help: ArgumentHelp("The run: its path, its id, a unique prefix of it, or 'last'.", valueName: "run"))
    var address: String
    @OptionGroup var moved: MovedFiles
    @OptionGroup var results: ResultsOptions
    @Flag(name: .shortAndLong, help: "Print only the result.")
    var quiet = false

    func run(_ registry: Registry) throws {
        let stored = try results.folder.run(address)
        guard stored.status != .completed else {
            throw UsageError(
                "\(stored.folder.path): the run is completed; 'lathe fork' starts a new one from its checkpoints")
        }
        let loaded = try LoadedExperiment(stored, moved: moved.overrides, registry: registry)
        let data = try loaded.prepare(isQuiet: quiet)
        for (what, then, now) in [
            ("text or split", stored.record.hashes.data, data.dataHash),
            ("tokenizer", stored.record.hashes.tokenizer, data.tokenizerHash),
        ] where then != nil && then != now {
            throw UsageError(
                "\(stored.folder.path): the \(what) has changed since the run began, so it cannot resume as the "
                    + "same run; restore the old one, or start a new run from \(stored.folder.configuration)")
        }
        let plan = try loaded.plan(data)
        try checkIdentity(of: stored, loaded)
        let session = try RunSession.resume(stored.folder) { Console.error("warning: \($0)") }
        let pool = loaded.pool()
        let command = TrainingCommand(session: session, plan: plan, data: data, pool: pool, isQuiet: quiet)
        let version = Version.withBuild
        if stored.record.latheVersion != version {
            command.display.say(
                "warning: the run was started by build \(stored.record.latheVersion), this is \(version): results "
                    + "may differ in the last bits",
                always: true)
        }
        for departure in stored.record.departures(of: SessionRecord(pool, time: .now())) {
            command.display.say("warning: \(departure)", always: true)
        }
        try command.run()
    }

    /// A changed configuration is a different run, so it must not continue under the old record.
    ///
    /// - Throws: `UsageError` if this build computes a different identity. A run from another build is not checked,
    ///   since builds may compute identities differently.
    private func checkIdentity(of stored: StoredRun, _ loaded: LoadedExperiment) throws {
        guard stored.record.latheVersion == Version.withBuild, !loaded.lacksTokenizerFiles else { return }
        var parent: (run: StoredRun, step: Int)?
        if let from = stored.record.parent {
            // The parent may have been deleted.
            guard let run = try? results.folder.run(from.run) else { return }
            parent = (run, from.step)
        }
        let request = try loaded.request([], parent: parent, precision: stored.record.blas?.precision)
        guard request.identity != stored.record.identity else { return }
        throw UsageError(
            "\(stored.folder.configuration): has changed since the run began, so it cannot resume as the same run; "
                + "restore the old values, which are in run.json, or make changes with 'lathe fork "
                + "\(stored.folder.path) KEY=VALUE'"
        )
    }
}

struct Fork: RegistryCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a new run from a checkpoint of another, with changes.",
        discussion: "lathe fork last@500 training.steps=4000 optimizer.learning_rate=1e-4")

    @Argument(
        help: ArgumentHelp(
            "The run, and the step of a saved checkpoint (default: the newest).", valueName: "run[@step]"))
    var address: String
    @Argument(help: ArgumentHelp("Changes to the run's configuration.", valueName: "key=value"))
    var overrides: [String] = []
    @Flag(help: "Allow models with different tensors: new ones start from initial values, others are dropped.")
    var partial = false
    @OptionGroup var results: ResultsOptions
    @Flag(name: .shortAndLong, help: "Print only the result.")
    var quiet = false

    func run(_ registry: Registry) throws {
        let (parent, step) = try results.folder.checkpoint(address)
        let loaded = try LoadedExperiment(parent.folder, overrides: overrides, registry: registry)
        let data = try loaded.prepare(isQuiet: quiet)
        guard data.tokenizerHash == parent.record.hashes.tokenizer else {
            throw UsageError(
                "the fork's tokenizer differs from the parent's: its ids mean something else to the model")
        }
        let plan = try loaded.plan(data)
        let request = try loaded.request(overrides, parent: (parent, step))
        let session = try RunSession.fork(
            request, from: parent.folder, step: step, plan: plan, data: data, in: results.path, isPartial: partial
        ) { Console.error("note: \($0)") }
        try TrainingCommand(session: session, plan: plan, data: data, pool: loaded.pool(), isQuiet: quiet).run()
    }
}

/// Training in a run folder, shared by `run`, `resume` and `fork`.
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

    /// Trains, writes the loss curves and reports the outcome.
    func run() throws {
        Interruption.watch(
            saying: "\nstopping: the run is being saved after this step; Ctrl-C again leaves at once without saving\n")
        let spec = plan.experiment.spec, folder = session.folder
        display.say(
            "\(spec.name): \(spec.model.name), \(NumberText.grouped(plan.layout.parameterCount)) parameters, "
                + "\(NumberText.grouped(plan.steps)) steps of "
                + "\(spec.training.batchSize) x \(spec.training.context) tokens "
                + "(\(NumberText.decimals(plan.epochs, 2)) epochs of "
                + "\(NumberText.grouped(plan.batchesPerEpoch)) batches), "
                + "\(pool.threadCount) thread\(pool.threadCount == 1 ? "" : "s")"
                + (pool.precision == .single ? "" : ", \(pool.precision.name)")
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
            display.say("interrupted; resume with 'lathe resume \(folder.path)'", always: true)
            throw Finished(code: 3)
        }
        if let reason = summary.stopReason { display.say("stopped early: \(reason)") }
        display.say(summary.verdict.text)
        if let floor = summary.floorBitsPerByte, let final = summary.final[MetricName.validationBitsPerByte] {
            let share = (data.unigramBitsPerByte - final) / (data.unigramBitsPerByte - floor)
            display.say(
                "\(NumberText.loss(final)) bits/byte: \(NumberText.percent(share)) of the way from the entropy of "
                    + "single bytes, \(NumberText.loss(data.unigramBitsPerByte)), to the text's own floor, "
                    + "\(NumberText.loss(floor))"
            )
        }
        if let share = summary.acceptedShare {
            display.say("the grammar accepts \(NumberText.percent(share)) of the sentences in samples/judged.txt")
        }
        if summary.unrankedReason != nil { display.say("bits/byte are unknown: \(summary.unrankedReason ?? "")") }
        print(folder.path)
    }
}

extension ResultsFolder {
    /// Splits `run[@step]`. Only the last path component is searched for `@`, since parent folders may contain one.
    func parts(ofCheckpoint address: String) throws -> (run: String, step: String?) {
        let name = address.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let parts = name.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw UsageError("'\(address)' is not of the form run[@step]") }
        guard parts.count == 2 else { return (address, nil) }
        return (String(address.dropLast(parts[1].count + 1)), String(parts[1]))
    }

    /// The run and step that `run[@step]` names; without a step, the newest checkpoint.
    func checkpoint(_ address: String) throws -> (run: StoredRun, step: Int) {
        let parts = try parts(ofCheckpoint: address)
        let run = try run(parts.run)
        let steps = try run.folder.checkpointSteps()
        guard let newest = steps.last else { throw UsageError("\(run.folder.path): the run has no checkpoint") }
        guard let name = parts.step else { return (run, newest) }
        let links = ["best": run.folder.step(of: .best), "last": run.folder.step(of: .last)]
        guard let step = links[name] ?? Int(name), steps.contains(step) else {
            throw UsageError(
                "\(run.folder.path): there is no checkpoint '\(name)'; there are best, last and "
                    + "\(steps.map(String.init).joined(separator: ", "))"
            )
        }
        return (run, step)
    }
}
