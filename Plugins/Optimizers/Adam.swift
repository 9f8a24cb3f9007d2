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

/// Adam (Kingma and Ba, 2015), with weight decay added to the gradient; matches torch.optim.Adam.
public struct Adam: Optimizer {
    public struct Config: ComponentConfig {
        @Field("Peak learning rate; the schedule multiplies it.", above: 0) public var learningRate = 1e-3
        @Field("Decay rates of the first and second moments.", each: 0..<1, count: 2...2) public var betas: [Float] = [
            0.9, 0.999,
        ]
        @Field("Added to the square root of the second moment.", above: 0) public var epsilon: Float = 1e-8
        @Field("Weight decay, added to the gradient.", in: 0...) public var weightDecay: Float = 0
        @Field("Which parameters decay: matrices (those with two axes) or all.")
        public var decay = DecayedParameters.matrices
        public init() {}
    }

    public static let name = "adam"
    public static let summary = "Adam, with weight decay added to the gradient."
    private let config: Config

    public init(_ config: Config) { self.config = config }

    public var learningRate: Double { config.learningRate }
    public func slots(for segment: ParameterSegment) -> [StateSlot] { momentSlots(segment) }

    /// Algorithm 1 of Kingma and Ba, with both bias corrections.
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

func momentSlots(_ segment: ParameterSegment) -> [StateSlot] {
    [StateSlot("first_moment", count: segment.count), StateSlot("second_moment", count: segment.count)]
}

/// 1 - βᵗ for both moments, in double precision: at t = 1 and β = 0.999, single precision would lose four digits.
func biasCorrections(_ betas: [Float], step: Int) -> (Float, Float) {
    (Float(1 - pow(Double(betas[0]), Double(step))), Float(1 - pow(Double(betas[1]), Double(step))))
}
