import LatheComponents
import LatheGraph
import LatheSpec

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019); matches torch.optim.AdamW.
struct AdamW: Optimizer {
    struct Config: ComponentConfig {
        @Field("Peak learning rate; the schedule multiplies it.", above: 0) var learningRate = 1e-3
        @Field("Decay rates of the first and second moments.", each: 0..<1, count: 2...2) var betas: [Float] = [
            0.9, 0.999,
        ]
        @Field("Added to the square root of the second moment.", above: 0) var epsilon: Float = 1e-8
        @Field("Decoupled weight decay: each step subtracts rate · decay · weight.", in: 0...)
        var weightDecay: Float = 0.01
        @Field("Which parameters decay: matrices (those with two axes) or all.")
        var decay = DecayedParameters.matrices
    }

    static let name = "adamw"
    static let summary = "Adam with decoupled weight decay."
    private let config: Config

    init(_ config: Config) { self.config = config }

    var learningRate: Double { config.learningRate }
    func slots(for segment: ParameterSegment) -> [StateSlot] { rule.slots(for: segment) }
    func update(_ step: OptimizerStep) { rule.update(step) }

    private var rule: AdamRule {
        AdamRule(
            betas: config.betas, epsilon: config.epsilon, weightDecay: config.weightDecay, decay: config.decay,
            isDecoupled: true)
    }
}
