public import LatheComponents
public import LatheSpec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Half a cosine from the peak rate to a fraction of it (Loshchilov and Hutter, 2017), after a linear warm-up.
public struct Cosine: Schedule {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// Warm-up.
        @Field("Steps of linear rise to the peak rate.", in: 0...) public var warmupSteps = 0
        /// The end.
        @Field("The fraction of the peak rate that the fall ends at.", in: 0...1) public var finalFraction = 0.1
        /// The defaults.
        public init() {}
    }

    /// `cosine`
    public static let name = "cosine"
    /// What it is, in a line.
    public static let summary = "Half a cosine from the peak rate to a fraction of it, after a linear warm-up."
    private let config: Config

    /// A cosine schedule.
    public init(_ config: Config) { self.config = config }

    /// Refuses a warm-up longer than the run.
    public func validate(in context: ExperimentContext) -> [Diagnostic] {
        warmUpDiagnostics(config.warmupSteps, mark: config.$warmupSteps.mark, in: context)
    }

    /// final + (1 - final) · (1 + cos(π p)) / 2, with p from 0 at the first step after the warm-up to one step short of 1 at the last.
    public func multiplier(step: Int, steps: Int) -> Double {
        if let rising = warmUp(step: step, warmupSteps: config.warmupSteps) { return rising }
        let p = progress(step: step, warmupSteps: config.warmupSteps, steps: steps)
        return config.finalFraction + (1 - config.finalFraction) * 0.5 * (1 + cos(.pi * p))
    }
}
