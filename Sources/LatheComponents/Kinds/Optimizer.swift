public import LatheGraph
public import LatheSpec

/// How weights follow their gradients.
public protocol Optimizer: Component where Product == any Optimizer {
    /// The peak learning rate, which the schedule multiplies.
    var learningRate: Double { get }
    /// The buffers kept for a parameter; zero before the first step, saved in checkpoints.
    func slots(for segment: ParameterSegment) -> [StateSlot]
    /// Updates all weights in place, applying each segment's limit to its gradients in the same pass. Allocates nothing.
    func update(_ step: OptimizerStep)
}

extension Optimizer {
    /// The kind of optimizers: `optimizer` in a spec.
    public static var kind: Kind<any Optimizer> { .optimizer }
    /// Itself.
    public var product: any Optimizer { self }
}

extension Kind where Product == any Optimizer {
    /// `optimizer`
    public static var optimizer: Self { Self("optimizer", summary: "How weights follow their gradients.") }
}
