public import LatheComponents
public import LatheGraph
public import LatheKernels

/// A trained model, for evaluation and generation.
public final class LoadedModel {
    private let plan: RunPlan
    private let parameters: ParameterStore
    private let arena: FloatBuffer
    private let pool: ThreadPool

    /// Loads the weights of a checkpoint.
    public init(_ plan: RunPlan, checkpoint: Checkpoint, threads: Int) throws {
        self.plan = plan
        parameters = try ParameterStore(layout: plan.layout)
        try checkpoint.readModel(into: parameters)
        arena = try FloatBuffer(count: ([plan.evaluation.program] + plan.generation.all).map(\.arenaCount).max() ?? 0)
        pool = ThreadPool(threadCount: threads)
    }

    /// Scores a text.
    public func evaluate(_ text: ScoredText) throws -> Evaluation {
        let evaluator = try Evaluator(
            text, experiment: plan.experiment, program: plan.evaluation, arena: arena, parameters: parameters, pool: pool)
        return evaluator()
    }

    /// A sampler of text.
    public func sampler(vocabulary: any Vocabulary) throws -> Sampler {
        Sampler(
            try Generator(
                plan.generation, architecture: plan.experiment.architecture, arena: arena, parameters: parameters, pool: pool),
            vocabulary: vocabulary)
    }
}
