public import LatheComponents
public import LatheGraph
import LatheKernels
public import LatheSpec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Adam (Kingma and Ba, 2015), weight decay added to the gradient; as torch.optim.Adam.
public struct Adam: Optimizer {
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
        @Field("Weight decay, added to the gradient.", in: 0...) public var weightDecay: Float = 0
        /// What decays.
        @Field("Which parameters decay: those with two axes or all.") public var decay = DecayedParameters.matrices
        /// The defaults.
        public init() {}
    }

    /// `adam`
    public static let name = "adam"
    /// What it is, in a line.
    public static let summary = "Adam; weight decay is added to the gradient."
    private let config: Config

    /// Adam with these knobs.
    public init(_ config: Config) { self.config = config }

    /// As configured.
    public var learningRate: Double { config.learningRate }
    /// Both moments.
    public func slots(for segment: ParameterSegment) -> [StateSlot] { momentSlots(segment) }

    /// Kingma and Ba's algorithm 1, with both bias corrections.
    public func update(_ step: OptimizerStep) {
        let corrections = biasCorrections(config.betas, step: step.step)
        for segment in step.segments {
            ParameterUpdate.adam(
                step.pool, weights: segment.weights, gradients: segment.gradients, firstMoment: segment.state[0],
                secondMoment: segment.state[1], count: segment.segment.count, gradientScale: segment.limit.scale,
                clamp: segment.limit.clamp, rate: step.rate, beta1: config.betas[0], beta2: config.betas[1],
                epsilon: config.epsilon, decay: config.decay.decay(config.weightDecay, of: segment.segment),
                biasCorrection1: corrections.0, biasCorrection2: corrections.1)
        }
    }
}

/// The two moments of Adam and its kin.
func momentSlots(_ segment: ParameterSegment) -> [StateSlot] {
    [StateSlot("first_moment", count: segment.count), StateSlot("second_moment", count: segment.count)]
}

/// 1 - βᵗ of both moments, in double precision: at t = 1 and β = 0.999 single precision would lose four digits.
func biasCorrections(_ betas: [Float], step: Int) -> (Float, Float) {
    (Float(1 - pow(Double(betas[0]), Double(step))), Float(1 - pow(Double(betas[1]), Double(step))))
}
