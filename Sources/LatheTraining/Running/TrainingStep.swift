package import LatheComponents
package import LatheGraph
package import LatheKernels

/// The measurements of an optimizer step.
package struct StepOutcome: Sendable, Equatable {
    /// Mean nats per predicted token of the batch, before the update.
    package var loss: Double
    /// Euclidean norm of all gradients, before clipping.
    package var gradientNorm: Double
    package var rate: Double
}

/// The parts of an experiment that a step needs.
package struct StepRecipe {
    /// Sequences and tokens of the whole batch.
    package var shape: BatchShape
    /// Sequences processed at once; divides the batch.
    package var microBatch: Int
    /// Seed for dropout.
    package var seed: UInt64
    package var optimizer: any Optimizer
    package var schedule: any Schedule
    package var clipping: any ClippingPolicy

    package init(
        shape: BatchShape, microBatch: Int, seed: UInt64, optimizer: any Optimizer, schedule: any Schedule,
        clipping: any ClippingPolicy
    ) {
        self.shape = shape
        self.microBatch = microBatch
        self.seed = seed
        self.optimizer = optimizer
        self.schedule = schedule
        self.clipping = clipping
    }

    init(_ experiment: Experiment) {
        let training = experiment.spec.training
        self.init(
            shape: training.shape, microBatch: training.microBatch, seed: experiment.spec.seed,
            optimizer: experiment.optimizer, schedule: experiment.schedule, clipping: experiment.clipping)
    }
}

/// A loss or gradient that is NaN or infinite.
package struct NonFinite: Error {
    /// What is not finite: `the loss`, `the gradient of layers.0.mlp.up.weight`.
    package var tensor: String
}

/// One optimizer step: batch, forward and backward over its micro-batches, clipping, update. Knows only protocols, and
/// allocates nothing.
package final class TrainingStep {
    /// Optimizer steps of the run: the schedule's horizon.
    var steps: Int
    /// States that carry over from batch to batch.
    package let states: StateStore
    /// Sequences of the whole batch.
    var rows: Int { batch.batch.shape.rows }
    private let recipe: StepRecipe
    private let executor: Executor
    private let nats: UnsafeMutablePointer<Float>
    private let batches: any BatchSequence
    private let batch: BatchBuffers
    private let microBatch: Int
    private let parameters: ParameterStore
    private let optimizerState: OptimizerState
    private let norms: UnsafeMutableBufferPointer<Double>
    private let pool: ThreadPool

    package init(
        _ recipe: StepRecipe, program: ScoringProgram, arena: FloatBuffer, parameters: ParameterStore,
        optimizerState: OptimizerState, batches: any BatchSequence, steps: Int, pool: ThreadPool
    ) throws {
        let shape = recipe.shape
        self.recipe = recipe
        self.batches = batches
        self.steps = steps
        self.parameters = parameters
        self.optimizerState = optimizerState
        self.pool = pool
        microBatch = recipe.microBatch
        batch = BatchBuffers(shape)
        states = try StateStore(program.program.graph, rows: shape.rows)
        executor = Executor(
            program.program, arena: arena, parameters: parameters, states: states,
            inputs: [batch.batch.inputs, batch.batch.targets], pool: pool)
        nats = executor.numbers(of: program.nats)
        norms = .allocate(capacity: max(1, parameters.layout.segments.count))
        norms.initialize(repeating: 0)
    }

    deinit { norms.deallocate() }

    /// Runs step `step`, counted from 0.
    ///
    /// - Parameter beforeUpdate: called right before weights and optimizer state change for the first time in the step.
    /// - Throws: ``NonFinite``; the weights are unchanged.
    package func callAsFunction(_ step: Int, beforeUpdate: () -> Void = {}) throws(NonFinite) -> StepOutcome {
        let shape = batch.batch.shape
        let (predicted, scale) = fillBatch(step)
        var sum = 0.0
        for row in stride(from: 0, to: shape.rows, by: microBatch) {
            executor.run(runState(step, row, scale))
            for index in 0..<microBatch * shape.context { sum += Double(nats[index]) }
        }
        let loss = sum / Double(max(1, predicted))
        guard loss.isFinite else { throw NonFinite(tensor: nonFiniteOrigin(step, scale)) }
        let norm = try measureGradients()
        beforeUpdate()
        return StepOutcome(loss: loss, gradientNorm: norm, rate: update(step))
    }

    /// Fetches a step's batch; returns the number of predicted tokens and the scale of their nats.
    private func fillBatch(_ step: Int) -> (predicted: Int, scale: Float) {
        let shape = batch.batch.shape
        batches.fill(batch.batch, step: step)
        for row in 0..<shape.rows where !batch.batch.continues[row] { states.reset(row: row) }
        var predicted = 0
        for index in 0..<shape.tokens where batch.batch.targets[index] != Batch.ignored { predicted += 1 }
        return (predicted, 1 / Float(max(1, predicted)))
    }

    /// Clips and updates; returns the learning rate.
    private func update(_ step: Int) -> Double {
        let rate = recipe.optimizer.learningRate * recipe.schedule.multiplier(step: step, steps: steps)
        for index in optimizerState.limits.indices { optimizerState.limits[index] = GradientLimit() }
        recipe.clipping.limit(norms: UnsafeBufferPointer(norms), limits: optimizerState.limits)
        recipe.optimizer.update(
            OptimizerStep(segments: optimizerState.segments, rate: Float(rate), step: step + 1, pool: pool))
        return rate
    }

    /// Runs step `step` like a call and reports the time of each part, in seconds of `clock`.
    ///
    /// - Parameters:
    ///   - op: called for each op of each micro-batch.
    ///   - part: called for everything else: `batch`, `gradient norms`, `optimizer`.
    func profile(
        _ step: Int, clock: () -> Double, op: (ProfiledOp) -> Void, part: (String, Double) -> Void
    ) throws(NonFinite) {
        func timed(_ name: String, _ body: () throws(NonFinite) -> Void) throws(NonFinite) {
            let start = clock()
            try body()
            part(name, clock() - start)
        }
        var scale: Float = 1
        try timed("batch") { () throws(NonFinite) in scale = fillBatch(step).scale }
        for row in stride(from: 0, to: batch.batch.shape.rows, by: microBatch) {
            executor.profile(runState(step, row, scale), clock: clock, report: op)
        }
        try timed("gradient norms") { () throws(NonFinite) in _ = try measureGradients() }
        try timed("optimizer") { () throws(NonFinite) in _ = update(step) }
    }

    private func runState(_ step: Int, _ row: Int, _ scale: Float) -> RunState {
        RunState(
            seed: recipe.seed, step: step, firstRow: row, lossScale: scale, accumulatesParameters: row > 0)
    }

    /// Measures the norm of each parameter's gradient; returns the norm over all of them.
    private func measureGradients() throws(NonFinite) -> Double {
        var squares = 0.0
        for (index, segment) in parameters.layout.segments.enumerated() {
            let sum = Reduction.sumOfSquares(pool, x: parameters.gradients.base + segment.offset, count: segment.count)
            guard sum.isFinite else { throw NonFinite(tensor: "the gradient of \(segment.name)") }
            norms[index] = sum.squareRoot()
            squares += sum
        }
        return squares.squareRoot()
    }

    /// The first tensor that is not finite.
    private func nonFiniteOrigin(_ step: Int, _ scale: Float) -> String {
        for row in stride(from: 0, to: batch.batch.shape.rows, by: microBatch) {
            if let path = executor.firstNonFinite(runState(step, row, scale)) { return "the output of \(path)" }
        }
        return "the loss"
    }
}

final class BatchBuffers {
    let batch: Batch

    init(_ shape: BatchShape) {
        let inputs = UnsafeMutablePointer<Int32>.allocate(capacity: shape.tokens)
        let targets = UnsafeMutablePointer<Int32>.allocate(capacity: shape.tokens)
        let continues = UnsafeMutablePointer<Bool>.allocate(capacity: shape.rows)
        inputs.initialize(repeating: 0, count: shape.tokens)
        targets.initialize(repeating: Batch.ignored, count: shape.tokens)
        continues.initialize(repeating: false, count: shape.rows)
        batch = Batch(inputs: inputs, targets: targets, continues: continues, shape: shape)
    }

    deinit {
        batch.inputs.deallocate()
        batch.targets.deallocate()
        batch.continues.deallocate()
    }
}
