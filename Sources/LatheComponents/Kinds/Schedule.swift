public import LatheSpec

/// How the learning rate changes over a run: a pure function of the step.
public protocol Schedule: Component where Product == any Schedule {
    /// What the peak rate is multiplied with.
    ///
    /// - Parameters:
    ///   - step: from 0 to `steps - 1`.
    ///   - steps: the run's length.
    func multiplier(step: Int, steps: Int) -> Double
}

extension Schedule {
    /// The kind of schedules: `schedule` in a spec.
    public static var kind: Kind<any Schedule> { .schedule }
    /// Itself.
    public var product: any Schedule { self }
}

extension Kind where Product == any Schedule {
    /// `schedule`
    public static var schedule: Self { Self("schedule", summary: "How the learning rate changes over a run.") }
}
