public import LatheComponents
public import LatheGraph
public import LatheSpec

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019); matches torch.optim.AdamW.
public struct AdamW: Optimizer {
    public struct Config: ComponentConfig {
        @Field("Peak learning rate; the schedule multiplies it.", above: 0) public var learningRate = 1e-3
        @Field("Decay rates of the first and second moments.", each: 0..<1, count: 2...2) public var betas: [Float] = [
            0.9, 0.999,
        ]
        @Field("Added to the square root of the second moment.", above: 0) public var epsilon: Float = 1e-8
        @Field("Decoupled weight decay: each step subtracts rate · decay · weight.", in: 0...)
        public var weightDecay: Float = 0.01
        @Field("Which parameters decay: matrices (those with two axes) or all.")
        public var decay = DecayedParameters.matrices
        public init() {}
    }

    public static let name = "adamw"
    public static let summary = "Adam with decoupled weight decay."
    private let config: Config

    public init(_ config: Config) { self.config = config }

    public var learningRate: Double { config.learningRate }
    public func slots(for segment: ParameterSegment) -> [StateSlot] { rule.slots(for: segment) }
    public func update(_ step: OptimizerStep) { rule.update(step) }

    private var rule: AdamRule {
        AdamRule(
            betas: config.betas, epsilon: config.epsilon, weightDecay: config.weightDecay, decay: config.decay,
            isDecoupled: true)
    }
}
