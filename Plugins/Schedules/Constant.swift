import LatheComponents
import LatheSpec

/// Constant peak rate, after a linear warm-up.
struct Constant: Schedule {
    struct Config: ComponentConfig {
        @Field("Steps of linear warm-up; the step after them is the first at the peak rate.", in: 0...)
        var warmupSteps = 0
    }

    static let name = "constant"
    static let summary = "Constant peak rate, after a linear warm-up."
    private let config: Config

    init(_ config: Config) { self.config = config }

    /// Warns of a warm-up that the run does not outlast.
    func validate(in context: ExperimentContext) -> [Diagnostic] {
        warmUpDiagnostics(config.warmupSteps, mark: config.$warmupSteps.mark, in: context)
    }

    /// First step: 1 / (warmup + 1); last step: 1.
    func multiplier(step: Int, steps: Int) -> Double { warmUp(step: step, warmupSteps: config.warmupSteps) ?? 1 }
}
