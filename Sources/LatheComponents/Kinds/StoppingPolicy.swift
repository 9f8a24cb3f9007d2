public import LatheSpec

/// One validation, as a stopping policy sees it.
public struct ValidationPoint: Sendable, Codable, Hashable {
    /// Optimizer steps done.
    public var step: Int
    /// Mean nats per token on the validation split.
    public var loss: Double

    /// The loss after `step` steps.
    public init(step: Int, loss: Double) {
        self.step = step
        self.loss = loss
    }
}

/// When a run stops early, as a pure function of the validations so far, so that resuming needs no state.
public protocol StoppingPolicy: Component where Product == any StoppingPolicy {
    /// Why the run should stop now, or nil to continue. Called after each validation.
    func reasonToStop(after history: [ValidationPoint]) -> String?
}

extension StoppingPolicy {
    public static var kind: Kind<any StoppingPolicy> { .stopping }
    public var product: any StoppingPolicy { self }
}

extension Kind where Product == any StoppingPolicy {
    public static var stopping: Self {
        Self("stopping", summary: "Early stopping: when a run ends before its last step.")
    }
}
