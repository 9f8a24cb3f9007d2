import LatheComponents
import LatheSpec
import LatheSystem

/// Cosine decay from the peak rate to a fraction of it (Loshchilov and Hutter, 2017), after a linear warm-up.
struct Cosine: Schedule {
    struct Config: ComponentConfig {
        @Field("Steps of linear warm-up; the step after them is the first at the peak rate.", in: 0...)
        var warmupSteps = 0
        @Field("The final rate, as a fraction of the peak rate.", in: 0...1) var finalFraction = 0.1
    }

    static let name = "cosine"
    static let summary = "Cosine decay from the peak rate to a fraction of it, after a linear warm-up."
    private let config: Config

    init(_ config: Config) { self.config = config }

    /// Warns of a warm-up that the run does not outlast.
    func validate(in context: ExperimentContext) -> [Diagnostic] {
        warmUpDiagnostics(config.warmupSteps, mark: config.$warmupSteps.mark, in: context)
    }

    /// final + (1 - final) · (1 + cos(π p)) / 2, with p from 0 at the first step after the warm-up to one step short of
    /// 1 at the last.
    func multiplier(step: Int, steps: Int) -> Double {
        if let rising = warmUp(step: step, warmupSteps: config.warmupSteps) { return rising }
        let p = progress(step: step, warmupSteps: config.warmupSteps, steps: steps)
        return config.finalFraction + (1 - config.finalFraction) * 0.5 * (1 + Math.cosine(.pi * p))
    }
}
