import LatheComponents
import LatheGraph
import LatheKernels
import LatheSpec
import LatheTraining

/// Adam at a fixed rate, so that architectures are tested without any registered optimizer.
struct PlainAdam: Optimizer {
    struct Config: ComponentConfig {}
    static let name = "plain_adam"
    static let summary = "Adam, for trying architectures."
    var learningRate = 0.01

    init(_ config: Config) {}

    func slots(for segment: ParameterSegment) -> [StateSlot] {
        [StateSlot("first_moment", count: segment.count), StateSlot("second_moment", count: segment.count)]
    }

    func update(_ step: OptimizerStep) {
        var corrections: (Float, Float) = (1, 1)
        for _ in 0..<step.step {
            corrections.0 *= 0.9
            corrections.1 *= 0.99
        }
        for segment in step.segments {
            ParameterUpdate.adam(
                step.pool, weights: segment.weights, gradients: segment.gradients, firstMoment: segment.state[0],
                secondMoment: segment.state[1], count: segment.segment.count, gradientScale: segment.limit.scale,
                clamp: segment.limit.clamp, rate: step.rate, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0,
                decoupled: false, biasCorrection1: 1 - corrections.0, biasCorrection2: 1 - corrections.1)
        }
    }
}

/// The peak rate throughout.
struct PlainRate: Schedule {
    struct Config: ComponentConfig {}
    static let name = "plain_rate"
    static let summary = "The same rate throughout."
    init(_ config: Config) {}
    func multiplier(step: Int, steps: Int) -> Double { 1 }
}

/// Clips the global norm at 1.
struct PlainClipping: ClippingPolicy {
    struct Config: ComponentConfig {}
    static let name = "plain_clipping"
    static let summary = "Gradients of norm 1 at most."
    init(_ config: Config) {}
    func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {
        var squares = 0.0
        for norm in norms { squares += norm * norm }
        for index in limits.indices { limits[index].scale = Float(min(1, 1 / (squares.squareRoot() + 1e-6))) }
    }
}

/// A small task: in each row ids count up by the row's own stride, modulo the vocabulary. Rows with the same stride
/// start at different ids.
struct CountingBatches: BatchSequence {
    var vocabulary: Int
    var batchesPerEpoch: Int { 1 }

    /// The id at a place of a row.
    func id(row: Int, time: Int) -> Int32 { Int32((3 * row + time * (1 + row % 2)) % vocabulary) }

    func fill(_ batch: Batch, step: Int) {
        for row in 0..<batch.shape.rows {
            for time in 0..<batch.shape.context {
                batch.inputs[row * batch.shape.context + time] = id(row: row, time: time)
                batch.targets[row * batch.shape.context + time] = id(row: row, time: time + 1)
            }
            batch.continues[row] = false
        }
    }
}

/// A small model with everything that training and scoring need.
final class SmallModel {
    static let vocabulary = 13, shape = BatchShape(rows: 4, context: 9)
    let compiler: ModelCompiler
    let model: ModelInTraining
    let batches = CountingBatches(vocabulary: SmallModel.vocabulary)
    let pool: ThreadPool
    var parameters: ParameterStore { model.parameters }
    var training: ScoringProgram { model.program }
    var step: TrainingStep { model.step }

    init(_ architecture: any Architecture, microBatch: Int = 4, seed: UInt64 = 1, pool: ThreadPool) throws {
        self.pool = pool
        compiler = ModelCompiler(architecture, context: Self.shape.context, vocabulary: Self.vocabulary)
        let recipe = StepRecipe(
            shape: Self.shape, microBatch: microBatch, seed: seed, optimizer: PlainAdam(PlainAdam.Config()),
            schedule: PlainRate(PlainRate.Config()), clipping: PlainClipping(PlainClipping.Config()))
        model = try ModelInTraining(
            architecture, vocabulary: Self.vocabulary, recipe: recipe, batches: batches, steps: 1000, seed: seed,
            pool: pool)
    }

    /// Mean nats per token of the task's batch, and the nats of each token, from one run of a program. States start at
    /// zero.
    func score(_ program: Program, nats: Value, step: Int = 0) throws -> (loss: Double, nats: [Float]) {
        let tokens = Self.shape.tokens
        let ids = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * tokens)
        let continues = UnsafeMutablePointer<Bool>.allocate(capacity: Self.shape.rows)
        defer {
            ids.deallocate()
            continues.deallocate()
        }
        batches.fill(Batch(inputs: ids, targets: ids + tokens, continues: continues, shape: Self.shape), step: 0)
        let executor = Executor(
            program, arena: try FloatBuffer(count: program.arenaCount), parameters: parameters,
            states: try StateStore(program.graph, rows: Self.shape.rows), inputs: [ids, ids + tokens], pool: pool)
        executor.run(RunState(seed: 1, step: step, lossScale: 1 / Float(tokens)))
        let values = UnsafeBufferPointer(start: executor.numbers(of: nats), count: tokens)
        return (values.reduce(0) { $0 + Double($1) } / Double(tokens), Array(values))
    }

    var bits: [UInt32] { (0..<parameters.layout.flatCount).map { parameters.weights.base[$0].bitPattern } }
    var gradientBits: [UInt32] { (0..<parameters.layout.flatCount).map { parameters.gradients.base[$0].bitPattern } }

    func gradientNorm(_ segment: ParameterSegment) -> Double {
        (0..<segment.count).reduce(0) {
            let value = Double(parameters.gradients.base[segment.offset + $1])
            return $0 + value * value
        }.squareRoot()
    }
}
