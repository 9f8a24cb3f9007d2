import LatheComponents
import LatheGraph
import LatheKernels
import LatheSpec

/// Stochastic gradient descent with optional momentum; matches torch.optim.SGD.
struct SGD: Optimizer {
    struct Config: ComponentConfig {
        @Field("Peak learning rate; the schedule multiplies it.", above: 0) var learningRate = 0.1
        @Field("Momentum: the fraction of the previous step's velocity that is kept.", in: 0..<1)
        var momentum: Float = 0
        @Field("Weight decay, added to the gradient.", in: 0...) var weightDecay: Float = 0
        @Field("Which parameters decay: matrices (those with two axes) or all.")
        var decay = DecayedParameters.matrices
    }

    static let name = "sgd"
    static let summary = "Stochastic gradient descent with momentum."
    private let config: Config

    init(_ config: Config) { self.config = config }

    var learningRate: Double { config.learningRate }

    func slots(for segment: ParameterSegment) -> [StateSlot] {
        config.momentum > 0 ? [StateSlot("velocity", count: segment.count)] : []
    }

    /// v = momentum · v + g; w = w - rate · v.
    func update(_ step: OptimizerStep) {
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
