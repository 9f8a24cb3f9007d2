public import LatheComponents
public import LatheGraph
import LatheKernels
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
    public func slots(for segment: ParameterSegment) -> [StateSlot] { momentSlots(segment) }

    /// Algorithm 2 of Loshchilov and Hutter.
    public func update(_ step: OptimizerStep) {
        let corrections = biasCorrections(config.betas, step: step.step)
        for segment in step.segments {
            ParameterUpdate.adamw(
                step.pool, weights: segment.weights, gradients: segment.gradients, firstMoment: segment.state[0],
                secondMoment: segment.state[1], count: segment.segment.count, gradientScale: segment.limit.scale,
                clamp: segment.limit.clamp, rate: step.rate, beta1: config.betas[0], beta2: config.betas[1],
                epsilon: config.epsilon, decay: config.decay.decay(config.weightDecay, of: segment.segment),
                biasCorrection1: corrections.0, biasCorrection2: corrections.1)
        }
    }
}
