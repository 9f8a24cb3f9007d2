import LatheComponents
import LatheSpec

/// Linear decay from the peak rate, after a linear warm-up.
struct LinearDecay: Schedule {
    struct Config: ComponentConfig {
        @Field("Steps of linear warm-up; the step after them is the first at the peak rate.", in: 0...)
        var warmupSteps = 0
        @Field("The final rate, as a fraction of the peak rate.", in: 0...1) var finalFraction = 0.0
    }

    static let name = "linear"
    static let summary = "Linear decay from the peak rate to a fraction of it, after a linear warm-up."
    private let config: Config

    init(_ config: Config) { self.config = config }

    /// Warns of a warm-up that the run does not outlast.
    func validate(in context: ExperimentContext) -> [Diagnostic] {
        warmUpDiagnostics(config.warmupSteps, mark: config.$warmupSteps.mark, in: context)
    }

    /// 1 - (1 - final) · p, with p from 0 at the first step after the warm-up to one step short of 1 at the last.
    func multiplier(step: Int, steps: Int) -> Double {
        warmUp(step: step, warmupSteps: config.warmupSteps)
            ?? 1 - (1 - config.finalFraction) * progress(step: step, warmupSteps: config.warmupSteps, steps: steps)
    }
}
