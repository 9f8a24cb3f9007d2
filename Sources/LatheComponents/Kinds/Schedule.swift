public import LatheSpec

/// How the learning rate changes over a run: a pure function of the step.
public protocol Schedule: Component where Product == any Schedule {
    /// The factor on the peak rate.
    ///
    /// - Parameters:
    ///   - step: from 0 to `steps - 1`.
    ///   - steps: the run's length.
    func multiplier(step: Int, steps: Int) -> Double
}

extension Schedule {
    public static var kind: Kind<any Schedule> { .schedule }
    public var product: any Schedule { self }
}

extension Kind where Product == any Schedule {
    public static var schedule: Self { Self("schedule", summary: "How the learning rate changes over a run.") }
}
