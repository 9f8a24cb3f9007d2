public import LatheComponents
public import LatheSpec

/// A linear fall from the peak rate, after a linear warm-up.
public struct Linear: Schedule {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// Warm-up.
        @Field("Steps of linear rise to the peak rate.", in: 0...) public var warmupSteps = 0
        /// The end.
        @Field("The fraction of the peak rate that the fall ends at.", in: 0...1) public var finalFraction = 0.0
        /// The defaults.
        public init() {}
    }

    /// `linear`
    public static let name = "linear"
    /// What it is, in a line.
    public static let summary = "A linear fall from the peak rate to a fraction of it, after a linear warm-up."
    private let config: Config

    /// A linear schedule.
    public init(_ config: Config) { self.config = config }

    /// Refuses a warm-up longer than the run.
    public func validate(in context: ExperimentContext) -> [Diagnostic] {
        warmUpDiagnostics(config.warmupSteps, mark: config.$warmupSteps.mark, in: context)
    }

    /// 1 - (1 - final) · p, with p from 0 at the first step after the warm-up to one step short of 1 at the last.
    public func multiplier(step: Int, steps: Int) -> Double {
        warmUp(step: step, warmupSteps: config.warmupSteps)
            ?? 1 - (1 - config.finalFraction) * progress(step: step, warmupSteps: config.warmupSteps, steps: steps)
    }
}
