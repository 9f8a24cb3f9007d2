public import LatheSpec

/// One validation, as a stopping policy sees it.
public struct ValidationPoint: Sendable, Codable, Hashable {
    /// Optimizer steps done.
    public var step: Int
    /// Mean nats a token on the validation split.
    public var loss: Double

    /// The loss after `step` steps.
    public init(step: Int, loss: Double) {
        self.step = step
        self.loss = loss
    }
}

/// When a run ends before its last step: a pure function of the validations so far, so that resuming needs no state.
public protocol StoppingPolicy: Component where Product == any StoppingPolicy {
    /// Why the run should end now, or nil to go on. Called after each validation.
    func reasonToStop(after history: [ValidationPoint]) -> String?
}

extension StoppingPolicy {
    /// The kind of stopping policies: `stopping` in a spec.
    public static var kind: Kind<any StoppingPolicy> { .stopping }
    /// Itself.
    public var product: any StoppingPolicy { self }
}

extension Kind where Product == any StoppingPolicy {
    /// `stopping`
    public static var stopping: Self { Self("stopping", summary: "When a run ends before its last step.") }
}
