import LatheComponents
import LatheData
import LatheGraph
import LatheResults
import LatheSystem

/// Trains: steps, validations, samples, checkpoints, in an order that makes it safe to kill the process at any time.
///
/// At each step, metrics are appended first; validation, samples and the checkpoint follow. A checkpoint covers
/// everything before it; resuming from it drops what was appended since and recomputes it bit-for-bit. It is written
/// while the next step runs, up to that step's update: see ``CheckpointWriter``.
final class Trainer {
    private(set) var state: TrainerState
    private var nats: ValidationNats
    private let plan: RunPlan
    private let data: RunData
    private let folder: RunFolder
    private let model: ModelInTraining
    private let journal: RunJournal
    private let checkpoints: RunCheckpoints
    private let textGenerator: TextGenerator
    private let validation: Evaluator
    private let trainingSample: Evaluator
    private weak var observer: (any TrainingObserver)?
    private var clock: StepClock

    private var experiment: Experiment { plan.experiment }
    private var spec: ExperimentSpec { plan.experiment.spec }

    /// - Parameters:
    ///   - model: in the state of `start`.
    ///   - folder: locked by the caller; its metrics hold nothing later than `start`.
    init(
        _ plan: RunPlan, _ model: ModelInTraining, from start: (state: TrainerState, nats: ValidationNats),
        data: RunData, folder: RunFolder, journal: RunJournal, checkpoints: RunCheckpoints,
        textGenerator: TextGenerator, observer: (any TrainingObserver)?
    ) throws {
        self.plan = plan
        self.model = model
        self.data = data
        self.folder = folder
        self.journal = journal
        self.checkpoints = checkpoints
        self.textGenerator = textGenerator
        self.observer = observer
        (state, nats) = start
        validation = try model.evaluator(data.validation, plan)
        trainingSample = try model.evaluator(data.trainingSample, plan)
        clock = StepClock(seconds: state.seconds, tokens: plan.experiment.spec.training.shape.tokens)
    }

    /// Trains to the end, to an early stop, or until interrupted.
    ///
    /// - Parameter pause: a step to stop at for now, with a checkpoint. Nothing else depends on it: the schedule's
    ///   horizon remains the run's length.
    /// - Throws: ``DivergedRun``; file errors.
    func run(until pause: Int? = nil) throws -> RunOutcome {
        let outcome: RunOutcome
        do {
            outcome = try train(until: pause)
            try checkpoints.finish()
        } catch {
            // The original error matters more than one from the checkpoint being written or a sink.
            try? checkpoints.finish()
            try? journal.close(.failed)
            throw error
        }
        switch outcome {
        case .completed: try journal.close(.completed)
        case .interrupted: try journal.close(.interrupted)
        case .paused: try journal.close(.queued)
        }
        return outcome
    }

    private func train(until pause: Int?) throws -> RunOutcome {
        if state.step > 0 { try checkpoints.prune() }
        if plan.steps == 0, state.history.isEmpty {
            guard try validate() else { return .interrupted }
            try publish()
        }
        var stopReason = experiment.stopping.reasonToStop(after: state.history)
        while state.isValidationPending == true || (state.step < plan.steps && stopReason == nil) {
            if state.isValidationPending != true {
                if let pause, state.step >= pause { return .paused }
                try advance()
            }
            let isDue = state.step % spec.validation.every == 0 || state.step == plan.steps
            if isDue {
                state.isValidationPending = nil
                guard try validate() else {
                    state.isValidationPending = true
                    try publish()
                    return .interrupted
                }
                stopReason = experiment.stopping.reasonToStop(after: state.history)
            }
            let isLast = state.step == plan.steps || stopReason != nil
            let isBest = isDue && state.bestStep == state.step
            if isLast || state.step % spec.samples.every == 0 { try sample() }
            let isInterrupted = Interruption.isRequested && !isLast
            let isPaused = state.step == pause && !isLast
            if isLast || isBest || isInterrupted || isPaused || state.step % spec.checkpoints.every == 0 {
                try publish()
            }
            if isPaused { return .paused }
            if isInterrupted { return .interrupted }
        }
        if plan.steps == 0 { try sample() }
        return .completed(stopReason: state.step < plan.steps ? stopReason : nil)
    }

    private func advance() throws {
        try checkpoints.check()
        clock.start()
        let outcome: StepOutcome
        do throws(NonFinite) { outcome = try model.step(state.step, beforeUpdate: checkpoints.waitUntilTaken) } catch {
            throw try diverged(error, step: state.step + 1)
        }
        state.step += 1
        let timing = clock.stop(step: state.step)
        state.seconds = clock.seconds
        try journal.append(
            MetricRecord(
                step: state.step, tokens: state.step * spec.training.shape.tokens, split: .train,
                values: [
                    MetricName.trainLoss: outcome.loss, MetricName.learningRate: outcome.rate,
                    MetricName.gradientNorm: outcome.gradientNorm,
                ]))
        try journal.append(timing)
        observer?.stepped(
            TrainingProgress(
                step: state.step, steps: plan.steps, loss: outcome.loss, validationLoss: state.history.last?.loss,
                tokensPerSecond: timing.tokensPerSecond ?? 0,
                secondsLeft: clock.secondsLeft(
                    steps: plan.steps - state.step, validationInterval: spec.validation.every)))
    }

    /// Includes the last checkpoint, once it is written.
    private func diverged(_ error: NonFinite, step: Int) throws -> DivergedRun {
        try checkpoints.finish()
        return DivergedRun(error, step: step, checkpoint: checkpoints.lastStep)
    }

    /// Scores the validation split and an equal amount of the training split.
    ///
    /// - Returns: false if it was left early because the run was asked to stop; nothing is recorded then.
    private func validate() throws -> Bool {
        let start = MonotonicClock.seconds
        func proceed(_ share: Double) -> Bool {
            observer?.validating(share: share / 2)
            return !Interruption.isRequested
        }
        guard let scored = validation.run(proceed), let training = trainingSample.run({ proceed(1 + $0) }) else {
            return false
        }
        guard scored.loss.isFinite else {
            throw try diverged(NonFinite(tensor: "the validation loss"), step: state.step)
        }
        state.history.append(ValidationPoint(step: state.step, loss: scored.loss))
        let isBest = state.best.map { scored.loss < $0.loss } ?? true
        if isBest { state.bestStep = state.step }
        nats.record(step: state.step, nats: scored.segmentNats)
        nats.keep(steps: Set([state.step, state.bestStep].compactMap { $0 }))
        let tokens = state.step * spec.training.shape.tokens
        var measured = MetricRecord(step: state.step, tokens: tokens, split: .train, values: [:])
        measured.values[MetricName.trainEvaluatedLoss] = training.loss
        measured.values[MetricName.trainBitsPerByte] = training.bitsPerByte
        let record = MetricRecord(
            step: state.step, tokens: tokens, split: .validation, values: scored.metrics(prefix: "validation"))
        try journal.append(measured)
        try journal.append(record)
        let seconds = MonotonicClock.seconds - start
        clock.validated(seconds: seconds)
        try journal.append(TimingRecord(step: state.step, phase: .validation, seconds: seconds))
        observer?.validated(record, isBest: isBest)
        return true
    }

    private func sample() throws {
        guard spec.samples.tokens > 0 else { return }
        let samples = spec.samples
        let text = try textGenerator.sample(
            prompt: samples.prompt, tokens: samples.tokens,
            rule: SamplingRule(temperature: samples.temperature, topK: samples.topK),
            seed: spec.seed &+ UInt64(state.step))
        try DurableFile.write(text, to: folder.sample(step: state.step))
        observer?.sampled(step: state.step, text: text)
    }

    private func publish() throws { try checkpoints.publish(state, nats, appended: journal.files) }

    /// Valid after ``run(until:)`` has completed.
    func summary(stopReason: String?) throws -> RunSummary {
        let metrics = try folder.readMetrics(), records = metrics.filter { $0.split == .validation }
        let last = records.last?.values ?? [:]
        let best = records.last { $0.step == state.bestStep }?.values ?? [:]
        var summary = RunSummary(
            steps: state.step, tokens: state.step * spec.training.shape.tokens, final: last, best: best,
            bestStep: state.bestStep,
            verdict: OverfittingVerdict(nats: nats, bestStep: state.bestStep, finalStep: state.step),
            seconds: state.seconds, parameters: plan.layout.parameterCount)
        let measured = metrics.last { $0.values[MetricName.trainBitsPerByte] != nil }?.values[
            MetricName.trainBitsPerByte]
        if let own = last[MetricName.validationBitsPerByte], let measured { summary.gapToTraining = own - measured }
        summary.epochs = Double(state.step) / Double(max(1, plan.batchesPerEpoch))
        summary.floorBitsPerByte = data.validation.floorBitsPerByte
        summary.unrankedReason = data.validation.lossReason
        summary.stopReason = stopReason
        // Read from the file, which also covers a run that was resumed after its last step.
        let steps = try folder.readTiming().filter { $0.phase == .train }.map(\.seconds).sorted()
        let median = steps.isEmpty ? nil : steps[steps.count / 2]
        summary.stepMilliseconds = median.map { $0 * 1e3 }
        summary.tokensPerSecond = median.map { Double(spec.training.shape.tokens) / $0 }
        summary.peakMegabytes = Memory.peakMegabytes
        summary.plannedMegabytes = Double(plan.memory.total) / 1_048_576
        summary.flopsPerToken = plan.operationsPerToken
        summary.bytesPerToken = data.trainingBytesPerToken
        if let language = data.language {
            // A few dozen sentences: enough for a share.
            let text = try textGenerator.sample(
                prompt: spec.samples.prompt, bytes: 6000, rule: SamplingRule(temperature: 1), seed: spec.seed)
            try DurableFile.write(text, to: folder.samples + "/judged.txt")
            let (sentences, accepted) = language.judge(text)
            if sentences > 0 { summary.acceptedShare = Double(accepted) / Double(sentences) }
        }
        return summary
    }
}

extension Evaluation {
    /// Loss, perplexity and bits per byte, keyed by metric name.
    public func metrics(prefix: String) -> [String: Double] {
        var values = ["\(prefix)/loss": loss, "\(prefix)/perplexity": perplexity]
        values["\(prefix)/bits_per_byte"] = bitsPerByte
        return values
    }
}
