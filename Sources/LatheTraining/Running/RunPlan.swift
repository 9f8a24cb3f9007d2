public import LatheComponents
public import LatheGraph
import LatheSpec

/// Everything known about a run before it starts: its programs, memory and length. Allocates no tensors.
public struct RunPlan {
    public let experiment: Experiment
    public let training: ScoringProgram
    public let evaluation: ScoringProgram
    public let generation: TokenGenerator.Programs
    public let layout: ParameterLayout
    public let memory: MemoryNeeds
    public let steps: Int
    /// Batches that see each training token once.
    public let batchesPerEpoch: Int
    public let batches: any BatchSequence

    /// Size in floats of the arena that all programs share.
    var arenaCount: Int { ([training.program, evaluation.program] + generation.all).map(\.arenaCount).max() ?? 0 }

    /// - Throws: `ShapeMismatch`; ``DataError`` if a split is too short.
    public init(_ experiment: Experiment, data: RunData) throws {
        let spec = experiment.spec, shape = spec.training.shape
        let least = experiment.loader.minimumTokens(shape)
        guard data.training.count >= least else {
            throw DataError(
                "the training split",
                "has \(data.training.count) tokens, but loader '\(spec.loader.name)' needs at least \(least) "
                    + "for a batch of \(shape.rows) x \(shape.context); "
                    + "use more text, a larger data.split.train, or a smaller training.context or training.batch_size")
        }
        guard data.validation.count >= 2 else {
            throw DataError(
                "the validation split",
                "has \(data.validation.count == 1 ? "1 token" : "no tokens"), but scoring needs at least 2; "
                    + "use more text or a larger data.split.validation")
        }
        self.experiment = experiment
        batches = experiment.loader.batches(of: data.training, shape: shape, seed: spec.seed)
        batchesPerEpoch = batches.batchesPerEpoch
        steps = experiment.steps(batchesPerEpoch: batchesPerEpoch)
        let compiler = ModelCompiler(experiment.architecture, context: shape.context, vocabulary: data.vocabulary.size)
        training = try compiler.scoring(.training, rows: spec.training.microBatch)
        evaluation = try compiler.scoring(.evaluation, rows: spec.training.microBatch)
        generation = try TokenGenerator.Programs(compiler)
        layout = ParameterLayout(training.program.graph.parameters)
        memory = MemoryNeeds(
            programs: [training.program, evaluation.program] + generation.all, layout: layout,
            optimizer: experiment.optimizer,
            rows: shape.rows, batch: shape)
    }

    /// How often the run sees the training split.
    public var epochs: Double { Double(steps) / Double(max(1, batchesPerEpoch)) }

    /// Floating-point operations of training per token: those of the forward pass, and twice as many for the backward
    /// pass.
    public var operationsPerToken: Double {
        3 * training.program.graph.operations
            / Double(experiment.spec.training.microBatch * experiment.spec.training.context)
    }
}
