import LatheComponents
import LatheGraph
public import LatheKernels
import LatheResults
import LatheSystem

/// Training speed of an experiment on this machine, measured by training it briefly. Writes nothing.
public struct SpeedProbe: Sendable, Equatable {
    /// Mean seconds per step.
    public var stepSeconds: Double
    /// Steps timed.
    public var steps: Int
    /// Seconds per validation: measured if short, otherwise estimated from the step.
    public var validationSeconds: Double
    /// Seconds that the measurement took.
    public var seconds: Double
    /// Peak resident memory of this process, in MiB.
    public var peakMegabytes: Double

    /// Trains for about `seconds`, after two untimed steps.
    public init(_ plan: RunPlan, data: RunData, pool: ThreadPool, seconds: Double) throws {
        let spec = plan.experiment.spec
        let model = try ModelInTraining(plan, pool: pool)
        let begin = MonotonicClock.seconds
        for index in 0..<2 { try model.train(index) }
        let start = MonotonicClock.seconds
        var count = 0
        repeat {
            try model.train(2 + count)
            count += 1
        } while MonotonicClock.seconds - start < seconds || count < 2
        steps = count
        stepSeconds = (MonotonicClock.seconds - start) / Double(count)
        // Forward passes only, over the validation split and an equal amount of the training split.
        validationSeconds = stepSeconds / 3 * Double(2 * data.validation.count) / Double(spec.training.shape.tokens)
        if validationSeconds < seconds {
            let evaluator = try model.evaluator(data.validation, plan)
            let start = MonotonicClock.seconds
            _ = evaluator.run { _ in true }
            validationSeconds = 2 * (MonotonicClock.seconds - start)
        }
        self.seconds = MonotonicClock.seconds - begin
        peakMegabytes = Memory.peakMegabytes
    }
}
