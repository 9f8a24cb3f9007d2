import LatheComponents
import LatheData
import LatheGraph
import LatheReports
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem
import LatheTraining

/// An expanded and validated sweep, the starting point of every command that reads a sweep file.
struct LoadedSweep {
    let expansion: SweepExpansion
    let folder: SweepFolder
    /// By trial position.
    let needs: [TrialNeeds]
    private let file: String
    /// The command that resumes the sweep, for messages.
    private let again: String

    /// Expands a sweep and finds every mistake in it, including those that only show once the text is prepared.
    ///
    /// - Throws: `Diagnostics`, and the errors of planning a run.
    init(
        _ definition: SweepDefinition, file: String, results: String, registry: Registry, again: String? = nil,
        isQuiet: Bool = false
    ) throws {
        self.again = again ?? "'lathe sweep run \(file)'"
        let hashes = ContentHashes(cache: try .standard())
        var contents: [SpecPath: String] = [:]
        let inspection = SweepExpansion.Inspection { spec in
            let experiment = try Experiment(spec)
            return try experiment.diagnostics(steps: experiment.declaredSteps)
        } identity: { spec in
            for path in spec.paths where contents[path] == nil {
                contents[path] = try hashes.hash(of: path)
            }
            let known = contents
            return ContentHashes.hash(of: RunRequest.identityText(spec, parent: nil) { known[$0] ?? $0.resolved })
        }
        expansion = try SweepExpansion(definition, lookup: registry, inspection: inspection)
        if !expansion.warnings.list.isEmpty { Console.error(expansion.warnings.rendered()) }
        folder = SweepFolder(results: results, name: definition.name)
        self.file = file
        needs = try Self.plan(expansion, registry: registry, isQuiet: isQuiet)
    }

    /// Plans each distinct shape once. This also prepares its text once instead of in every worker.
    private static func plan(_ expansion: SweepExpansion, registry: Registry, isQuiet: Bool) throws -> [TrialNeeds] {
        var shapes: [String: TrialNeeds] = [:]
        var problems: [Diagnostic] = []
        let needs = try expansion.trials.compactMap { trial -> TrialNeeds? in
            let key = trial.spec.shapeText
            if var needs = shapes[key] {
                needs.steps = trial.spec.training.declaredSteps ?? needs.steps
                return needs
            }
            let loaded = try LoadedExperiment(trial.spec, registry: registry)
            do {
                let plan = try loaded.plan(try loaded.prepare(isQuiet: isQuiet || !shapes.isEmpty))
                let needs = TrialNeeds(
                    shape: shapes.count, memory: plan.memory.total, steps: plan.steps,
                    checkpoint: plan.memory.weights + plan.memory.optimizer)
                shapes[key] = needs
                return needs
            } catch let error as Diagnostics {
                problems += error.list
                return nil
            } catch let error as ShapeMismatch {
                problems.append(Diagnostic("trial \(trial.label): \(error)", at: trial.spec.model.mark))
                return nil
            } catch {
                throw UsageError("trial \(trial.label): \(error)")
            }
        }
        let diagnostics = Diagnostics(problems)
        if diagnostics.hasErrors { throw diagnostics }
        return needs
    }

    func run(_ options: SweepRunner.Options, isQuiet: Bool) throws {
        Interruption.watch(
            saying: "\nstopping: running trials are being saved; Ctrl-C again stops at once without saving\n")
        // Workers have their own thread pools; OpenBLAS threads would sit idle, each with a 128 MB buffer.
        Environment.setDefault("OPENBLAS_NUM_THREADS", "1")
        try DurableFolder.create(folder.path)
        let lock = try RunLock(folder: folder.path)
        let numbers = try register()
        let display = SweepDisplay(isQuiet: isQuiet)
        var options = options
        let index = RunIndex(results: folder.results)
        let statuses = expansion.trials.map { index.run($0.identity)?.status }
        let open = statuses.indices.filter {
            statuses[$0] != .completed && (statuses[$0] != .diverged || options.startsOver)
        }
        let diverged = statuses.count { $0 == .diverged }
        display.say(
            "sweep \(folder.name): \(expansion.trials.count) trial\(expansion.trials.count == 1 ? "" : "s"), "
                + "\(statuses.count { $0 == .completed }) complete"
                + (diverged > 0 ? ", \(diverged) diverged" : "") + "; \(expansion.strategy.title)"
        )
        let prober = try self.prober(open)
        let launcher: any OpenLauncher
        do {
            launcher = try self.open(prober, open) { display.say($0) }
        } catch let error as CustomStringConvertible where !(error is Diagnostics) {
            throw UsageError("launcher '\(expansion.definition.launcher.name)': \(error.description)")
        }
        let closesInput = try expansion.definition.launcher.make().closesInput
        if !open.isEmpty { display.say(launcher.summary) }
        for (position, needs) in needs.enumerated() {
            options.secondsPerStep[position] = prober.known[needs.shape]?.stepSeconds
        }
        let runner = SweepRunner(
            expansion, numbers: numbers, folder: folder, launcher: launcher, options: options, observer: display
        ) { job, _ in
            launchJob(job, isTethered: closesInput)
        }
        let end = try runner.run()
        withExtendedLifetime(lock) {}
        display.finish()
        let report = try SweepReport(folder: folder)
        if !isQuiet { Console.error(report.table.text()) }
        let isOver = end == .done || end == .failed
        if isOver, let next = report.nextSteps { display.say(next) }
        print(folder.path)
        switch end {
        case .done: return
        case .failed:
            let failed = report.rows.contains { row in
                row.status != .diverged && row.status != .completed && row.status != .pruned
            }
            Console.error(
                failed
                    ? "some trials failed; \(again) retries them"
                    : "some trials diverged and would again; after a change, 'lathe sweep retry \(file)' runs them")
            throw Finished(code: 1)
        case .stopped(let reason):
            Console.error("stopped: \(reason); \(again) resumes it")
            throw Finished(code: 3)
        }
    }

    /// - Parameter positions: of the trials that have not run.
    func prober(_ positions: [Int], shapeLimit: Int = 3) throws -> SweepProber {
        try SweepProber(
            expansion, needs: needs, positions: positions, shapeLimit: shapeLimit, program: CurrentProcess.executable,
            isInterrupted: { Interruption.isRequested })
    }

    /// Opens the sweep's launcher for these trials; what it leaves to measurement is measured.
    func open(_ prober: SweepProber, _ positions: [Int], say: @escaping (String) -> Void) throws -> any OpenLauncher {
        try expansion.definition.launcher.make().open(
            LaunchRequest(jobs: positions.count, memory: positions.map { needs[$0].memory }.max() ?? 0) { splits in
                try prober.fastest(splits, say: say)
            })
    }

    func register() throws -> [Int] {
        try folder.register(expansion, file: file) { number, trial in
            "# Trial \(number) of sweep '\(expansion.definition.name)' (\(file), base "
                + "\(expansion.definition.base)): \(trial.label)\n"
        }
    }

    private func launchJob(_ job: SweepJob, isTethered: Bool) -> LaunchJob {
        var arguments = [
            CurrentProcess.executable, "sweep", "trial", job.spec, "--identity", job.identity, "--results",
            folder.results,
        ]
        if let step = job.untilStep { arguments += ["--until-step", "\(step)"] }
        if job.startsOver { arguments.append("--start-over") }
        if isTethered { arguments.append("--tethered") }
        return LaunchJob(
            name: "\(folder.name)-\(job.trial)", arguments: arguments, log: folder.log(job.trial),
            memory: expansion.trials.firstIndex { $0.identity == job.identity }.map { needs[$0].memory })
    }
}

extension SearchStrategy {
    var title: String { "strategy '\(Self.name)'" }
}

extension ExperimentSpec {
    /// Equal for experiments whose steps take equal time and memory.
    var shapeText: String {
        var spec = self
        spec.seed = 0
        var training = TrainingConfig()
        training.steps = 1
        training.context = spec.training.context
        training.batchSize = spec.training.batchSize
        training.microBatchSize = spec.training.microBatchSize
        spec.training = training
        let micro = spec.training.microBatch
        let text =
            "\(spec.data.resolved.yaml)\(spec.tokenizer.resolved.yaml)"
            + "\(spec.loader.resolved.yaml)\(spec.model.resolved.yaml)"
        return "\(text)\(spec.optimizer.name) \(spec.training.resolved.yaml) \(micro)"
    }
}
