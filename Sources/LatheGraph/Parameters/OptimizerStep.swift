public import LatheKernels

/// A buffer that an optimizer keeps for a segment: `first_moment`, say. Its name is its name in checkpoints.
public struct StateSlot: Sendable, Hashable {
    /// The name in checkpoints, followed there by the parameter's.
    public var name: String
    /// The number of elements; usually that of the segment.
    public var count: Int

    /// A buffer of `count` zeros before the first step.
    public init(_ name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// How gradients are bounded before an optimizer sees them: g becomes clamp(g · scale, -clamp ... clamp).
public struct GradientLimit: Sendable {
    /// Multiplies the gradient.
    public var scale: Float
    /// Bounds each element afterwards; infinity bounds nothing.
    public var clamp: Float

    /// By default bounds nothing.
    public init(scale: Float = 1, clamp: Float = .infinity) {
        self.scale = scale
        self.clamp = clamp
    }
}

/// One segment as an optimizer updates it.
public struct SegmentUpdate {
    /// Which parameter.
    public let segment: ParameterSegment
    /// Its weights [count], updated in place.
    public let weights: UnsafeMutablePointer<Float>
    /// Its gradients [count], before ``limit`` is applied.
    public let gradients: UnsafePointer<Float>
    /// The optimizer's buffers, in the order of its slots.
    public let state: [UnsafeMutablePointer<Float>]
    /// What clipping asks for in this step, applied to the gradients in the same pass.
    public var limit: GradientLimit { limitOfStep.pointee }
    private let limitOfStep: UnsafePointer<GradientLimit>

    /// A segment to update. `limit` is read anew in every step.
    public init(
        segment: ParameterSegment, weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
        state: [UnsafeMutablePointer<Float>], limit: UnsafePointer<GradientLimit>
    ) {
        self.segment = segment
        self.weights = weights
        self.gradients = gradients
        self.state = state
        limitOfStep = limit
    }
}

/// One optimizer step over all parameters.
public struct OptimizerStep {
    /// Every segment.
    public let segments: [SegmentUpdate]
    /// The learning rate of this step: the peak times the schedule's multiplier.
    public let rate: Float
    /// The step, counted from 1, as bias corrections need it.
    public let step: Int
    /// The threads to use.
    public let pool: ThreadPool

    /// A step over `segments`.
    public init(segments: [SegmentUpdate], rate: Float, step: Int, pool: ThreadPool) {
        self.segments = segments
        self.rate = rate
        self.step = step
        self.pool = pool
    }
}
