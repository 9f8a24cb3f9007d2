import LatheComponents
import LatheData
import LatheGraph
import LatheKernels
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem
import LatheTraining

/// The first steps of most commands: load and check a spec, prepare its text, plan its run.
struct LoadedExperiment {
    let experiment: Experiment
    let loaded: LoadedSpec<ExperimentSpec>
    /// The run that the spec belongs to, if it has one already.
    private(set) var stored: StoredRun?

    /// Loads and checks a spec; warnings go to standard error.
    ///
    /// - Parameter isNew: whether components check it; that of a run was checked when it began, and its files may be
    ///   gone.
    /// - Throws: `Diagnostics` with all errors.
    init(_ path: String, overrides: [String], registry: Registry, isNew: Bool = true) throws {
        loaded = SpecLoader(ExperimentSpec.self, lookup: registry).load(path, overrides: overrides)
        if loaded.spec == nil, let file = loaded.files.first, SpecKind(file) == .sweep {
            let message = "this is a sweep, not an experiment; 'lathe sweep run \(path)' runs it"
            throw Diagnostics([
                Diagnostic(message, at: .whole(file), note: "'lathe sweep plan \(path)' shows what would run")
            ])
        }
        var spec = try loaded.get()
        if spec.name.isEmpty { spec.name = Self.stem(path) }
        experiment = try Experiment(spec)
        let found = isNew ? try experiment.diagnostics(steps: experiment.declaredSteps) : []
        try Self.raise(loaded.problems.list + found)
    }

    /// A spec that has been loaded and checked already.
    init(_ spec: ExperimentSpec, registry: Registry) throws {
        loaded = SpecLoader(ExperimentSpec.self, lookup: registry).load(
            SourceText(spec.resolved.yaml, name: spec.name))
        experiment = try Experiment(spec)
    }

    init(_ run: RunFolder, overrides: [String] = [], registry: Registry) throws {
        try self.init(run.configuration, overrides: overrides, registry: registry)
    }

    /// The spec of a run, to continue or evaluate the run itself.
    ///
    /// - Parameter moved: overrides that say where its files are now.
    /// - Throws: `UsageError` if an override changes more than paths.
    init(_ run: StoredRun, moved: [String] = [], registry: Registry) throws {
        try self.init(run.folder.configuration, overrides: moved, registry: registry, isNew: false)
        stored = run
        guard !moved.isEmpty else { return }
        let old = try SpecLoader(ExperimentSpec.self, lookup: registry).load(run.folder.configuration).get()
        let texts = [old, experiment.spec].map { $0.canonicalText { _ in "file" } }
        guard texts[0] == texts[1] else {
            throw UsageError(
                "--set \(moved.joined(separator: " --set ")): may only say where a file of the run is now; "
                    + "'lathe fork \(run.folder.path) KEY=VALUE' starts a new run with changes")
        }
    }

    /// Whether the files that the tokenizer was made from are gone. A run has its own copy.
    var lacksTokenizerFiles: Bool { experiment.spec.tokenizer.config.paths.contains { !Path.exists($0.resolved) } }

    var threads: Int { experiment.spec.compute.threadCount }

    /// - Parameter limit: the maximum number of threads.
    func pool(limit: Int = .max) -> ThreadPool {
        experiment.spec.compute.pool(limit: limit)
    }

    /// Plans the run and makes the checks that need the prepared text.
    func plan(_ data: RunData) throws -> RunPlan {
        if let problem = experiment.spec.compute.precision.problem() {
            throw Diagnostics([Diagnostic(problem, at: experiment.spec.compute.$precision.mark)])
        }
        if let problem = experiment.spec.compute.productsProblem() {
            throw Diagnostics([Diagnostic(problem, at: experiment.spec.compute.$products.mark)])
        }
        if experiment.spec.samples.tokens > 0 || data.language != nil {
            do { _ = try data.vocabulary.ids(ofPrompt: experiment.spec.samples.prompt) } catch let error as DataError {
                let message = "samples.prompt cannot be encoded: \(error.message)"
                throw Diagnostics([Diagnostic(message, at: experiment.spec.samples.$prompt.mark)])
            }
        }
        let plan: RunPlan
        do { plan = try RunPlan(experiment, data: data) } catch let error as DataError { throw located(error) }
        if experiment.declaredSteps == nil { try Self.raise(try experiment.diagnostics(steps: plan.steps)) }
        let machine = MachineRecord.current(simdLevel: "")
        if let available = machine.memoryMegabytes, plan.memory.total >> 20 > available {
            let message =
                "the run needs \(plan.memory.total >> 20) MB of memory, but this machine has \(available); "
                + "use a smaller model, training.micro_batch_size or training.context"
            throw Diagnostics([Diagnostic(message, at: experiment.spec.$model.mark)])
        }
        return plan
    }

    /// The fitted tokenizer saved with a run.
    ///
    /// - Throws: `UsageError` if it is not the one the run started with, since ids would mean something else to the
    ///   model.
    func vocabulary(of run: StoredRun) throws -> any Vocabulary {
        let folder = run.folder
        var files: [String: [UInt8]] = [:]
        for name in try DurableFolder.names(in: folder.tokenizer) where !name.hasPrefix(".") {
            files[name] = try DurableFile.read(folder.tokenizer + "/" + name)
        }
        let hash = ContentHashes.hash(ofTokenizer: experiment.spec.tokenizer.name, files: files)
        if let known = run.record.hashes.tokenizer, known != hash {
            throw UsageError(
                "\(folder.tokenizer): is not the tokenizer that the run began with, or is damaged; restore the old one"
            )
        }
        return try experiment.tokenizer.restore(files)
    }

    func model(_ run: StoredRun, step: Int, vocabulary: any Vocabulary, threads: Int?) throws -> LoadedModel {
        try run.folder.read(step: step) { try $0.checkModel() }
        return try LoadedModel(
            experiment, vocabulary: vocabulary.size, checkpoint: Checkpoint(run.folder, step: step),
            threads: threads ?? self.threads)
    }

    /// Throws if there are errors; prints warnings to standard error.
    private static func raise(_ problems: [Diagnostic]) throws {
        let diagnostics = Diagnostics(problems)
        if diagnostics.hasErrors { throw diagnostics }
        if !problems.isEmpty { Console.error(diagnostics.rendered()) }
    }

    private static func stem(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? "experiment"
        return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
}
