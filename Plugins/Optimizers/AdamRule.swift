import LatheGraph
import LatheKernels
import LatheSystem

/// The update of Adam and AdamW: algorithms 1 of Kingma and Ba, 2015, and 2 of Loshchilov and Hutter, 2019, with both
/// bias corrections.
struct AdamRule {
    /// Decay rates of the first and second moments.
    let betas: [Float]
    let epsilon: Float
    let weightDecay: Float
    let decay: DecayedParameters
    /// Whether weights decay by themselves, or through the gradient.
    let isDecoupled: Bool

    func slots(for segment: ParameterSegment) -> [StateSlot] {
        [StateSlot("first_moment", count: segment.count), StateSlot("second_moment", count: segment.count)]
    }

    func update(_ step: OptimizerStep) {
        // In double precision: 1 - βᵗ at t = 1 and β = 0.999 would lose four digits in single precision.
        let correction1 = Float(1 - Math.power(Double(betas[0]), Double(step.step)))
        let correction2 = Float(1 - Math.power(Double(betas[1]), Double(step.step)))
        for segment in step.segments {
            ParameterUpdate.adam(
                step.pool, weights: segment.weights, gradients: segment.gradients, firstMoment: segment.state[0],
                secondMoment: segment.state[1], count: segment.segment.count, gradientScale: segment.limit.scale,
                clamp: segment.limit.clamp, rate: step.rate, beta1: betas[0], beta2: betas[1], epsilon: epsilon,
                decay: decay.decay(weightDecay, of: segment.segment), decoupled: isDecoupled,
                biasCorrection1: correction1, biasCorrection2: correction2)
        }
    }
}
