import LatheComponents
import LatheGraph
public import LatheKernels
import LatheResults

/// How fast an experiment trains here, found by training it for a moment. Nothing is written.
public struct SpeedProbe: Sendable, Equatable {
    /// Mean seconds of a step.
    public var stepSeconds: Double
    /// Steps that were timed.
    public var steps: Int
    /// Seconds of a validation: measured where that is short, else what the step suggests.
    public var validationSeconds: Double
    /// Seconds that measuring took.
    public var seconds: Double
    /// Peak resident memory of this process, in MiB.
    public var peakMegabytes: Double

    /// Trains for about so many seconds, after two steps that are not counted.
    public init(_ plan: RunPlan, data: RunData, pool: ThreadPool, seconds: Double) throws {
        let spec = plan.experiment.spec
        let arena = try FloatBuffer(count: plan.arenaCount)
        let parameters = try ParameterStore(plan.training.program.graph.parameters, seed: spec.seed, pool: pool)
        let optimizerState = try OptimizerState(plan.experiment.optimizer, parameters: parameters)
        let step = try TrainingStep(
            StepRecipe(plan.experiment), program: plan.training, arena: arena, parameters: parameters,
            optimizerState: optimizerState, batches: plan.batches, steps: max(1, plan.steps), pool: pool)
        func train(_ index: Int) throws {
            do throws(NonFinite) { _ = try step(index) } catch {
                throw DivergedRun(step: index + 1, tensor: error.tensor, checkpoint: nil)
            }
        }
        let begin = StepClock.now()
        for index in 0..<2 { try train(index) }
        let start = StepClock.now()
        var count = 0
        repeat {
            try train(2 + count)
            count += 1
        } while StepClock.now() - start < seconds || count < 2
        steps = count
        stepSeconds = (StepClock.now() - start) / Double(count)
        // Forward passes only, over the validation split and as much of the training split.
        validationSeconds = stepSeconds / 3 * Double(2 * data.validation.count) / Double(spec.training.shape.tokens)
        if validationSeconds < seconds {
            let evaluator = try Evaluator(
                data.validation, experiment: plan.experiment, program: plan.evaluation, arena: arena,
                parameters: parameters, pool: pool)
            let start = StepClock.now()
            _ = evaluator()
            validationSeconds = 2 * (StepClock.now() - start)
        }
        self.seconds = StepClock.now() - begin
        peakMegabytes = ProcessMemory.peakMegabytes
    }
}
