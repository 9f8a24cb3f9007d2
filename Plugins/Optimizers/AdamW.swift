public import LatheComponents
public import LatheGraph
import LatheKernels
public import LatheSpec

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019); as torch.optim.AdamW.
public struct AdamW: Optimizer {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// The peak rate.
        @Field("Peak learning rate; the schedule multiplies it.", above: 0) public var learningRate = 1e-3
        /// Decay rates.
        @Field("Decay of the first and the second moment.", each: 0..<1, count: 2...2) public var betas: [Float] = [
            0.9, 0.999,
        ]
        /// ε
        @Field("Added to the root of the second moment.", above: 0) public var epsilon: Float = 1e-8
        /// Decay.
        @Field("Weight decay: each step takes rate · decay · weight away.", in: 0...) public var weightDecay: Float =
            0.01
        /// What decays.
        @Field("Which parameters decay: those with two axes or all.") public var decay = DecayedParameters.matrices
        /// The defaults.
        public init() {}
    }

    /// `adamw`
    public static let name = "adamw"
    /// What it is, in a line.
    public static let summary = "Adam with weight decay apart from the gradient."
    private let config: Config

    /// AdamW with these knobs.
    public init(_ config: Config) { self.config = config }

    /// As configured.
    public var learningRate: Double { config.learningRate }
    /// Both moments.
    public func slots(for segment: ParameterSegment) -> [StateSlot] { momentSlots(segment) }

    /// Loshchilov and Hutter's algorithm 2.
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
