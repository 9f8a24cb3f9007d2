public import LatheComponents
public import LatheGraph
import LatheSpec

/// All that is known of a run before it starts: its programs, their memory, its length. Makes no numbers.
public struct RunPlan {
    /// The experiment.
    public let experiment: Experiment
    /// Scoring with gradients.
    public let training: ScoringProgram
    /// Scoring without.
    public let evaluation: ScoringProgram
    /// Continuation of text.
    public let generation: Generator.Programs
    /// Where each parameter lies.
    public let layout: ParameterLayout
    /// The memory it will use.
    public let memory: MemoryNeeds
    /// Optimizer steps.
    public let steps: Int
    /// Batches that see each training token once.
    public let batchesPerEpoch: Int
    /// Batches of the training split.
    public let batches: any BatchSequence

    /// Floats of the arena that all programs share.
    var arenaCount: Int { ([training.program, evaluation.program] + generation.all).map(\.arenaCount).max() ?? 0 }

    /// Plans a run.
    ///
    /// - Throws: `ShapeMismatch`; ``DataError`` when a split is shorter than one window.
    public init(_ experiment: Experiment, data: RunData) throws {
        let spec = experiment.spec, shape = spec.training.shape
        let least = experiment.loader.minimumTokens(shape)
        guard data.training.count >= least else {
            throw DataError(
                "the training split",
                "has \(data.training.count) tokens, but loader '\(spec.loader.name)' needs at least \(least) for a batch of \(shape.rows) x \(shape.context); "
                    + "use more text, a larger data.split.train, or a smaller training.context or training.batch_size")
        }
        guard data.validation.count >= 2 else {
            throw DataError(
                "the validation split",
                "has \(data.validation.count == 1 ? "1 token" : "no tokens"), but scoring needs at least 2; use more text or a larger data.split.validation"
            )
        }
        self.experiment = experiment
        batches = experiment.loader.batches(of: data.training, shape: shape, seed: spec.seed)
        batchesPerEpoch = batches.batchesPerEpoch
        steps = experiment.steps(batchesPerEpoch: batchesPerEpoch)
        let compiler = ModelCompiler(experiment.architecture, context: shape.context, vocabulary: data.vocabulary.size)
        training = try compiler.scoring(.training, rows: spec.training.microBatch)
        evaluation = try compiler.scoring(.evaluation, rows: spec.training.microBatch)
        generation = try Generator.Programs(compiler)
        layout = ParameterLayout(training.program.graph.parameters)
        memory = MemoryNeeds(
            programs: [training.program, evaluation.program] + generation.all, layout: layout,
            optimizer: experiment.optimizer,
            rows: shape.rows, batch: shape)
    }

    /// Epochs that the run will see.
    public var epochs: Double { Double(steps) / Double(max(1, batchesPerEpoch)) }

    /// Floating-point operations of training a token: those of the forward pass, and twice as many for the backward pass.
    public var operationsPerToken: Double {
        3 * training.program.graph.operations
            / Double(experiment.spec.training.microBatch * experiment.spec.training.context)
    }
}
