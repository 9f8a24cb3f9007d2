public import LatheComponents
public import LatheSpec

/// The peak rate throughout, after a linear warm-up.
public struct Constant: Schedule {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// Warm-up.
        @Field("Steps of linear rise to the peak rate.", in: 0...) public var warmupSteps = 0
        /// The defaults.
        public init() {}
    }

    /// `constant`
    public static let name = "constant"
    /// What it is, in a line.
    public static let summary = "The peak rate throughout, after a linear warm-up."
    private let config: Config

    /// A constant schedule.
    public init(_ config: Config) { self.config = config }

    /// Refuses a warm-up longer than the run.
    public func validate(in context: ExperimentContext) -> [Diagnostic] {
        warmUpDiagnostics(config.warmupSteps, mark: config.$warmupSteps.mark, in: context)
    }

    /// First step: 1 / (warmup + 1); last step: 1.
    public func multiplier(step: Int, steps: Int) -> Double { warmUp(step: step, warmupSteps: config.warmupSteps) ?? 1 }
}
