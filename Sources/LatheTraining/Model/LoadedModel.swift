public import LatheComponents
import LatheGraph
import LatheKernels
import LatheSpec

/// A trained model, for evaluation and generation, independent of its training data.
public final class LoadedModel {
    private let experiment: Experiment
    private let compiler: ModelCompiler
    private let parameters: ParameterStore
    private let pool: ThreadPool

    /// Loads the weights of a checkpoint.
    ///
    /// - Parameter vocabulary: the number of ids.
    /// - Throws: `RecordError` if the checkpoint does not fit the experiment.
    public init(_ experiment: Experiment, vocabulary: Int, checkpoint: Checkpoint, threads: Int) throws {
        self.experiment = experiment
        compiler = ModelCompiler(
            experiment.architecture, context: experiment.spec.training.context, vocabulary: vocabulary)
        let graph = try compiler.generation(time: 1).program.graph
        parameters = try ParameterStore(layout: ParameterLayout(graph.parameters))
        try checkpoint.readModel(into: parameters)
        pool = experiment.spec.compute.pool(threads: threads)
    }

    /// - Parameter proceed: receives the share that is done; returns false to leave early.
    /// - Returns: nil if it was left early.
    public func evaluate(_ text: ScoredText, proceed: (Double) -> Bool = { _ in true }) throws -> Evaluation? {
        let program = try compiler.scoring(.evaluation, rows: experiment.spec.training.microBatch)
        let arena = try FloatBuffer(count: program.program.arenaCount)
        let evaluator = try Evaluator(
            text, experiment: experiment, program: program, arena: arena, parameters: parameters, pool: pool)
        return evaluator.run(proceed)
    }

    public func textGenerator(vocabulary: any Vocabulary) throws -> TextGenerator {
        let programs = try TokenGenerator.Programs(compiler)
        let arena = try FloatBuffer(count: programs.all.map(\.arenaCount).max() ?? 0)
        return TextGenerator(
            try TokenGenerator(
                programs, architecture: experiment.architecture, arena: arena, parameters: parameters,
                rounded: try RoundedWeights(parameters, pool: pool), pool: pool),
            vocabulary: vocabulary)
    }
}
