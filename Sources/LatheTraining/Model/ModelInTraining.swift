package import LatheComponents
public import LatheGraph
public import LatheKernels

/// A model with everything that training changes, wired once: weights and gradients, optimizer state, carried states,
/// and the step that changes them.
public final class ModelInTraining {
    public let parameters: ParameterStore
    public let optimizerState: OptimizerState
    package let program: ScoringProgram
    package let step: TrainingStep
    /// Activations of the step, and of programs that never run at the same time.
    let arena: FloatBuffer
    let pool: ThreadPool

    /// - Parameters:
    ///   - seed: of the initial weights; nil: zero, to be read from a checkpoint.
    ///   - arenaCount: floats that other programs need.
    package init(
        _ recipe: StepRecipe, program: ScoringProgram, batches: any BatchSequence, steps: Int, seed: UInt64?,
        arenaCount: Int = 0, pool: ThreadPool
    ) throws {
        self.program = program
        self.pool = pool
        arena = try FloatBuffer(count: max(arenaCount, program.program.arenaCount))
        let declarations = program.program.graph.parameters
        parameters =
            try seed.map { seed throws in try ParameterStore(declarations, seed: seed, pool: pool) }
            ?? ParameterStore(layout: ParameterLayout(declarations))
        optimizerState = try OptimizerState(recipe.optimizer, parameters: parameters)
        step = try TrainingStep(
            recipe, program: program, arena: arena, parameters: parameters, optimizerState: optimizerState,
            batches: batches, steps: steps, pool: pool)
    }

    /// The model of an architecture, with batches and a recipe of the caller's.
    package convenience init(
        _ architecture: any Architecture, vocabulary: Int, recipe: StepRecipe, batches: any BatchSequence, steps: Int,
        seed: UInt64, pool: ThreadPool
    ) throws {
        let compiler = ModelCompiler(architecture, context: recipe.shape.context, vocabulary: vocabulary)
        try self.init(
            recipe, program: try compiler.scoring(.training, rows: recipe.microBatch), batches: batches, steps: steps,
            seed: seed, pool: pool)
    }

    /// The model of a run.
    ///
    /// - Parameter isInitialized: false if its weights are read from a checkpoint.
    public convenience init(_ plan: RunPlan, isInitialized: Bool = true, pool: ThreadPool) throws {
        try self.init(
            StepRecipe(plan.experiment), program: plan.training, batches: plan.batches, steps: max(1, plan.steps),
            seed: isInitialized ? plan.experiment.spec.seed : nil, arenaCount: plan.arenaCount, pool: pool)
    }

    /// Trains step `index`, counted from 0, without a journal or checkpoints.
    func train(_ index: Int) throws(DivergedRun) {
        do throws(NonFinite) { _ = try step(index) } catch { throw DivergedRun(error, step: index + 1) }
    }

    func evaluator(_ text: ScoredText, _ plan: RunPlan) throws -> Evaluator {
        try Evaluator(
            text, experiment: plan.experiment, program: plan.evaluation, arena: arena, parameters: parameters,
            pool: pool)
    }

    func textGenerator(_ plan: RunPlan, vocabulary: any Vocabulary) throws -> TextGenerator {
        TextGenerator(
            try TokenGenerator(
                plan.generation, architecture: plan.experiment.architecture, arena: arena, parameters: parameters,
                pool: pool),
            vocabulary: vocabulary)
    }
}
