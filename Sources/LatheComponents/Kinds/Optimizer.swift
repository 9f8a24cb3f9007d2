public import LatheGraph
public import LatheSpec

/// Updates weights from gradients.
public protocol Optimizer: Component where Product == any Optimizer {
    /// The peak learning rate, which the schedule multiplies.
    var learningRate: Double { get }
    /// The buffers kept for a parameter; zero before the first step and saved in checkpoints.
    func slots(for segment: ParameterSegment) -> [StateSlot]
    /// Updates all weights in place, applying each segment's limit to its gradients in the same pass. Allocates
    /// nothing.
    func update(_ step: OptimizerStep)
}

extension Optimizer {
    public static var kind: Kind<any Optimizer> { .optimizer }
    public var product: any Optimizer { self }
}

extension Kind where Product == any Optimizer {
    public static var optimizer: Self { Self("optimizer", summary: "Optimizer update rule.") }
}
