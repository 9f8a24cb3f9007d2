public import LatheComponents
public import LatheSpec

/// Constant peak rate, after a linear warm-up.
public struct Constant: Schedule {
    public struct Config: ComponentConfig {
        @Field("Steps of linear warm-up to the peak rate.", in: 0...) public var warmupSteps = 0
        public init() {}
    }

    public static let name = "constant"
    public static let summary = "Constant peak rate, after a linear warm-up."
    private let config: Config

    public init(_ config: Config) { self.config = config }

    /// Rejects a warm-up longer than the run.
    public func validate(in context: ExperimentContext) -> [Diagnostic] {
        warmUpDiagnostics(config.warmupSteps, mark: config.$warmupSteps.mark, in: context)
    }

    /// First step: 1 / (warmup + 1); last step: 1.
    public func multiplier(step: Int, steps: Int) -> Double { warmUp(step: step, warmupSteps: config.warmupSteps) ?? 1 }
}
