import CKernels

/// One optimizer pass over a range of parameters: gradient scale, clamp and update together.
///
/// Each gradient is multiplied by `gradientScale`, then clamped to `-clamp ... clamp` (infinity: no limit), then used.
/// The versions that take a pool run in slices; the others run on the calling thread.
public enum ParameterUpdate {
    /// torch.optim.SGD: g += decay w; v = g at the first step, then momentum v + g; w -= rate v.
    ///
    /// - Parameters:
    ///   - velocity: nil without momentum.
    ///   - firstStep: whether `velocity` is still uninitialised.
    public static func sgd(
        _ pool: ThreadPool, weights: MutableFloats, gradients: Floats, velocity: MutableFloats?, count: Int,
        gradientScale: Float, clamp: Float, rate: Float, momentum: Float, decay: Float, firstStep: Bool
    ) {
        let update = lathe_update(
            gradient_scale: gradientScale, clamp: clamp, rate: rate, beta1: momentum, beta2: 0, epsilon: 0,
            decay: decay, bias_correction1: 1, bias_correction2: 1)
        let job = UpdateJob(
            kernels: pool.kernels, kind: .sgd, cut: Cut(count, grain: 16384), weights: weights, gradients: gradients,
            first: velocity, second: nil, update: update, firstStep: firstStep)
        pool.run(job, slices: job.cut.slices)
    }

    /// torch.optim.Adam: decay w is added to the gradient. Kingma, Ba, 2015.
    ///
    /// m += (1 - beta1)(g - m); v = beta2 v + (1 - beta2) g^2; w -= rate m / biasCorrection1 / (sqrt(v /
    /// biasCorrection2) + epsilon).
    ///
    /// - Parameters:
    ///   - decoupled: torch.optim.AdamW instead (Loshchilov, Hutter, 2019): w is scaled by 1 - rate decay first, and
    ///     nothing added to the gradient.
    ///   - biasCorrection1: 1 - beta1^step, the step counted from 1; `biasCorrection2` likewise.
    public static func adam(
        _ pool: ThreadPool, weights: MutableFloats, gradients: Floats, firstMoment: MutableFloats,
        secondMoment: MutableFloats, count: Int, gradientScale: Float, clamp: Float, rate: Float, beta1: Float,
        beta2: Float, epsilon: Float, decay: Float, decoupled: Bool, biasCorrection1: Float, biasCorrection2: Float
    ) {
        let update = lathe_update(
            gradient_scale: gradientScale, clamp: clamp, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
            decay: decay, bias_correction1: biasCorrection1, bias_correction2: biasCorrection2)
        let job = UpdateJob(
            kernels: pool.kernels, kind: decoupled ? .adamw : .adam, cut: Cut(count, grain: 16384), weights: weights,
            gradients: gradients, first: firstMoment, second: secondMoment, update: update, firstStep: false)
        pool.run(job, slices: job.cut.slices)
    }
}

private struct UpdateJob: SliceJob {
    enum Kind { case sgd, adam, adamw }
    let kernels: UnsafePointer<lathe_kernels>
    let kind: Kind
    let cut: Cut
    let weights: MutableFloats, gradients: Floats, first: MutableFloats?, second: MutableFloats?
    let update: lathe_update
    let firstStep: Bool

    func run(_ slice: Int) {
        let r = cut.range(slice), w = weights + r.lowerBound, g = gradients + r.lowerBound
        let m = first.map { $0 + r.lowerBound }, v = second.map { $0 + r.lowerBound }
        withUnsafePointer(to: update) { update in
            switch kind {
            case .sgd: kernels.pointee.sgd(w, g, m, r.count, update, firstStep ? 1 : 0)
            case .adam: if let m, let v { kernels.pointee.adam(w, g, m, v, r.count, update) }
            case .adamw: if let m, let v { kernels.pointee.adamw(w, g, m, v, r.count, update) }
            }
        }
    }
}
