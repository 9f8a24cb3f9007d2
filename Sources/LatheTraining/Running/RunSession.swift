import LatheComponents
import LatheData
import LatheGraph
public import LatheKernels
public import LatheResults
import LatheSpec
import LatheSystem

/// A run folder that this process works on: created, resumed or forked, locked, and with an up-to-date record.
public final class RunSession {
    public let folder: RunFolder
    /// The checkpoint to start from, if any.
    public let checkpoint: Checkpoint?
    private let lock: RunLock

    private init(folder: RunFolder, checkpoint: Checkpoint?, lock: RunLock) {
        self.folder = folder
        self.checkpoint = checkpoint
        self.lock = lock
    }

    /// Creates the folder of a new run: its record, the resolved spec, the files it was read from, the tokenizer.
    public static func create(_ request: RunRequest, plan: RunPlan, data: RunData, in results: String) throws
        -> RunSession
    {
        try create(request, plan: plan, data: data, in: results, checkpoint: nil) { _ in }
    }

    /// Creates the complete folder or nothing: a process killed here leaves nothing that looks like a run.
    ///
    /// - Parameters:
    ///   - checkpoint: the step of the checkpoint that the run starts from.
    ///   - fill: writes that checkpoint.
    private static func create(
        _ request: RunRequest, plan: RunPlan, data: RunData, in results: String, checkpoint: Int?,
        fill: (_ hidden: RunFolder) throws -> Void
    ) throws -> RunSession {
        let created = try RunFolder.create(in: results, record: request.record(plan, data)) { folder in
            try DurableFile.write(request.experiment.spec.resolved.yaml, to: folder.configuration)
            for path in [folder.source, folder.samples, folder.checkpoints, folder.tokenizer, folder.plots] {
                try DurableFolder.create(path)
            }
            var names: Set<String> = []
            for file in request.files {
                var name = file.name.split(separator: "/").last.map(String.init) ?? "spec.yaml"
                while !names.insert(name).inserted { name = "_" + name }
                try DurableFile.write(file.text, to: folder.source + "/" + name)
            }
            try DurableFile.write(
                request.overrides.map { $0 + "\n" }.joined(), to: folder.source + "/overrides.txt")
            for (name, bytes) in data.vocabulary.files {
                try DurableFile.write(bytes, to: folder.tokenizer + "/" + name)
            }
            try fill(folder)
        }
        let folder = created.folder
        return RunSession(
            folder: folder, checkpoint: checkpoint.map { Checkpoint(folder, step: $0) }, lock: created.lock)
    }

    /// Creates a run that starts from another run's checkpoint. The checkpoint is copied, so that the parent may be
    /// deleted.
    ///
    /// - Parameters:
    ///   - isPartial: whether the models may have different tensors. Those of the new one alone start from their
    ///     initial values; those of the parent alone are dropped.
    ///   - note: receives what could not be carried over.
    /// - Throws: ``DamagedCheckpoint``; `RecordError` that names the tensors in which the models differ.
    public static func fork(
        _ request: RunRequest, from run: RunFolder, step: Int, plan: RunPlan, data: RunData, in results: String,
        isPartial: Bool = false, note: (String) -> Void
    ) throws -> RunSession {
        let parent = Checkpoint(run, step: step)
        let old = try run.read(step: step) { checkpoint in
            try checkpoint.checkModel()
            return try checkpoint.state()
        }
        guard plan.steps > old.step else {
            throw DataError(
                parent.path,
                "is at step \(old.step), but the fork would end at step \(plan.steps); set a larger training.steps")
        }
        let parameters = try ParameterStore(
            plan.training.program.graph.parameters, seed: request.experiment.spec.seed)
        let (missing, extra) = try parent.readSharedModel(into: parameters)
        let differences = [
            missing.isEmpty ? nil : "the parent lacks \(missing.joined(separator: ", "))",
            extra.isEmpty ? nil : "the fork lacks \(extra.joined(separator: ", "))",
        ].compactMap(\.self)
        if !differences.isEmpty {
            let difference = differences.joined(separator: "; ")
            guard isPartial else {
                throw RecordError(
                    path: parent.path, problem: "the models differ: \(difference); --partial takes what both have")
            }
            note("\(difference); what both have is taken")
        }
        let optimizer = try OptimizerState(request.experiment.optimizer, parameters: parameters)
        let states = try StateStore(plan.training.program.graph, rows: request.experiment.spec.training.batchSize)
        let type = try run.readRecord().configuration["optimizer.type"]
        let other =
            (missing.isEmpty ? "the optimizer differs from the parent's: its" : "the optimizer's")
            + " state starts at zero"
        do {
            try run.read(step: step) { try $0.checkOptimizer() }
            try parent.readOptimizer(into: optimizer)
        } catch is RecordError {
            note(other)
        } catch let error as DamagedCheckpoint {
            // With another optimizer and no carried states, the file is not needed.
            guard let type, type != request.experiment.spec.optimizer.name, states.entries.isEmpty else { throw error }
            note(other)
        }
        if !states.entries.isEmpty {
            do { try parent.readStates(into: states) } catch is RecordError {
                note("the carried state does not fit the parent's: it starts at zero")
            }
        }
        var state = TrainerState()
        state.step = step
        return try create(request, plan: plan, data: data, in: results, checkpoint: step) { folder in
            try folder.publishCheckpoint(step: step) { hidden in
                try Checkpoint(path: hidden).write(
                    parameters: parameters, optimizer: optimizer, states: states, trainer: state, nats: nil)
            }
            try folder.point(.last, toStep: step)
        }
    }

    /// Resumes a run that did not finish: from its newest checkpoint, or from the start if it has none.
    ///
    /// - Parameter warn: receives what is missing from the run's past.
    /// - Throws: ``RunInUse`` if another process works on it; ``DamagedCheckpoint``; `DataError` for a fork without a
    ///   checkpoint.
    public static func resume(_ folder: RunFolder, warn: (String) -> Void) throws -> RunSession {
        let lock = try folder.lock()
        try folder.removeLeftovers()
        let parent = try folder.readRecord().parent
        guard let step = try folder.checkpointSteps().last else {
            if let parent {
                throw DataError(
                    folder.checkpoints,
                    "has no checkpoint, and a fork starts from one; "
                        + "create it again: 'lathe fork \(parent.run)@\(parent.step)'")
            }
            try folder.truncate(pastStep: -1)
            return RunSession(folder: folder, checkpoint: nil, lock: lock)
        }
        let checkpoint = Checkpoint(folder, step: step)
        let (state, nats) = try folder.readToGoOn(from: checkpoint) {
            (try checkpoint.state(), try checkpoint.validationNats())
        }
        try folder.truncate(pastStep: step)
        // Metrics are made durable before a checkpoint is, so only damage leaves fewer.
        let begin = parent?.step ?? 0, last = try folder.readMetrics().last?.step ?? begin
        if last < step {
            warn(
                "\(folder.metrics): ends at step \(last), before the checkpoint of step \(step): "
                    + "the metrics of the steps in between are lost, and curves will have a gap")
        }
        // A kill between writing the checkpoint and updating its links leaves the links one checkpoint behind.
        try folder.point(.last, toStep: step)
        if let best = state.bestStep, try folder.checkpointSteps().contains(best) {
            try folder.point(.best, toStep: best)
        }
        try nats?.write(to: folder.validationNats)
        return RunSession(folder: folder, checkpoint: checkpoint, lock: lock)
    }

    /// Trains to the end and keeps the record up to date, whatever happens.
    ///
    /// - Parameters:
    ///   - pause: a step to stop at for now, with a checkpoint; the run is then queued.
    ///   - conclude: adds whatever else belongs to a completed run, after its summary is written and before its record
    ///     says that it is completed, so that a run killed in between can resume.
    /// - Throws: what training throws, after the record says so.
    public func train(
        _ plan: RunPlan, data: RunData, pool: ThreadPool, observer: (any TrainingObserver)?, until pause: Int? = nil,
        conclude: (RunFolder) throws -> Void = { _ in }
    ) throws -> (outcome: RunOutcome, summary: RunSummary?) {
        let start = Timestamp.now(), session = SessionRecord(pool, time: start)
        try folder.updateRecord { record in
            record.status = .running
            record.failure = nil
            record.exitCode = nil
            record.ended = nil
            if record.started == nil { record.started = start } else { record.resumed.append(session) }
        }
        do {
            let trainer = try makeTrainer(plan, data, pool, observer)
            let outcome = try trainer.run(until: pause)
            guard case .completed(let stopReason) = outcome else {
                let isPaused = outcome == .paused
                try finish(isPaused ? .queued : .interrupted, exitCode: isPaused ? 0 : 3, since: start)
                return (outcome, nil)
            }
            let summary = try trainer.summary(stopReason: stopReason)
            try summary.write(to: folder.summary)
            try conclude(folder)
            try finish(.completed, exitCode: 0, since: start)
            return (outcome, summary)
        } catch {
            let status = error is DivergedRun ? RunStatus.diverged : .failed
            try? finish(status, exitCode: error is DamagedCheckpoint ? 2 : 1, since: start, failure: "\(error)")
            throw error
        }
    }

    private func makeTrainer(
        _ plan: RunPlan, _ data: RunData, _ pool: ThreadPool, _ observer: (any TrainingObserver)?
    ) throws -> Trainer {
        let model = try ModelInTraining(plan, isInitialized: checkpoint == nil, pool: pool)
        let checkpoints = try RunCheckpoints(folder, of: model, keep: plan.experiment.spec.checkpoints.keep)
        let text = ValidationNats(
            segmentLength: SegmentTable.segmentBytes,
            segmentBytes: (0..<data.validation.segments.count).map { UInt32(data.validation.segments.bytes(of: $0)) })
        var start = (state: TrainerState(), nats: text)
        if let checkpoint { start = try checkpoints.restore(checkpoint, validating: text) }
        return try Trainer(
            plan, model, from: start, data: data, folder: folder,
            journal: try RunJournal(folder, sinks: plan.experiment.sinks, firstStep: start.state.step + 1),
            checkpoints: checkpoints, textGenerator: try model.textGenerator(plan, vocabulary: data.vocabulary),
            observer: observer)
    }

    private func finish(_ status: RunStatus, exitCode: Int, since start: Timestamp, failure: String? = nil) throws {
        let end = Timestamp.now()
        try folder.updateRecord { record in
            record.status = status
            record.exitCode = exitCode
            record.failure = failure
            record.ended = end
            record.seconds = (record.seconds ?? 0) + end.seconds(since: start)
        }
    }
}
