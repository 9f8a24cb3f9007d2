public import LatheComponents
public import LatheGraph
import LatheKernels
public import LatheSpec

/// Stochastic gradient descent with optional momentum; matches torch.optim.SGD.
public struct SGD: Optimizer {
    public struct Config: ComponentConfig {
        @Field("Peak learning rate; the schedule multiplies it.", above: 0) public var learningRate = 0.1
        @Field("Momentum: the fraction of the previous step's velocity that is kept.", in: 0..<1)
        public var momentum: Float = 0
        @Field("Weight decay, added to the gradient.", in: 0...) public var weightDecay: Float = 0
        @Field("Which parameters decay: matrices (those with two axes) or all.")
        public var decay = DecayedParameters.matrices
        public init() {}
    }

    public static let name = "sgd"
    public static let summary = "Stochastic gradient descent with momentum."
    private let config: Config

    public init(_ config: Config) { self.config = config }

    public var learningRate: Double { config.learningRate }

    public func slots(for segment: ParameterSegment) -> [StateSlot] {
        config.momentum > 0 ? [StateSlot("velocity", count: segment.count)] : []
    }

    /// v = momentum · v + g; w = w - rate · v.
    public func update(_ step: OptimizerStep) {
        for segment in step.segments {
            ParameterUpdate.sgd(
                step.pool, weights: segment.weights, gradients: segment.gradients,
                velocity: config.momentum > 0 ? segment.state[0] : nil, count: segment.segment.count,
                gradientScale: segment.limit.scale, clamp: segment.limit.clamp, rate: step.rate,
                momentum: config.momentum,
                decay: config.decay.decay(config.weightDecay, of: segment.segment), firstStep: step.step == 1)
        }
    }
}
