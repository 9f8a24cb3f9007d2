import LatheComponents
import LatheGraph
import LatheSpec

/// Adam (Kingma and Ba, 2015), with weight decay added to the gradient; matches torch.optim.Adam.
struct Adam: Optimizer {
    struct Config: ComponentConfig {
        @Field("Peak learning rate; the schedule multiplies it.", above: 0) var learningRate = 1e-3
        @Field("Decay rates of the first and second moments.", each: 0..<1, count: 2...2) var betas: [Float] = [
            0.9, 0.999,
        ]
        @Field("Added to the square root of the second moment.", above: 0) var epsilon: Float = 1e-8
        @Field("Weight decay, added to the gradient.", in: 0...) var weightDecay: Float = 0
        @Field("Which parameters decay: matrices (those with two axes) or all.")
        var decay = DecayedParameters.matrices
    }

    static let name = "adam"
    static let summary = "Adam, with weight decay added to the gradient."
    private let config: Config

    init(_ config: Config) { self.config = config }

    var learningRate: Double { config.learningRate }
    func slots(for segment: ParameterSegment) -> [StateSlot] { rule.slots(for: segment) }
    func update(_ step: OptimizerStep) { rule.update(step) }

    private var rule: AdamRule {
        AdamRule(
            betas: config.betas, epsilon: config.epsilon, weightDecay: config.weightDecay, decay: config.decay,
            isDecoupled: false)
    }
}
