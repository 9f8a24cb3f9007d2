public import LatheKernels

/// A buffer that an optimizer keeps for each segment, such as `first_moment`.
public struct StateSlot: Sendable, Hashable {
    /// The prefix of its name in checkpoints; the parameter's name follows.
    public var name: String
    /// Elements; usually those of the segment.
    public var count: Int

    /// The buffer is zero before the first step.
    public init(_ name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// Gradient clipping as the optimizer applies it: g becomes clamp(g · scale, -clamp ... clamp).
public struct GradientLimit: Sendable {
    public var scale: Float
    /// Bound on each element after scaling; infinity: none.
    public var clamp: Float

    /// The default changes nothing.
    public init(scale: Float = 1, clamp: Float = .infinity) {
        self.scale = scale
        self.clamp = clamp
    }
}

public struct SegmentUpdate {
    public let segment: ParameterSegment
    /// [count], updated in place.
    public let weights: UnsafeMutablePointer<Float>
    /// [count], before ``limit`` is applied.
    public let gradients: UnsafePointer<Float>
    /// The optimizer's buffers, in the order of its slots.
    public let state: [UnsafeMutablePointer<Float>]
    /// Clipping for this step; the optimizer applies it in the same pass.
    public var limit: GradientLimit { limitOfStep.pointee }
    private let limitOfStep: UnsafePointer<GradientLimit>

    /// - Parameter limit: read again at every step.
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

public struct OptimizerStep {
    public let segments: [SegmentUpdate]
    /// The learning rate of this step: the peak rate times the schedule's multiplier.
    public let rate: Float
    /// Counted from 1, as bias correction needs it.
    public let step: Int
    public let pool: ThreadPool

    public init(segments: [SegmentUpdate], rate: Float, step: Int, pool: ThreadPool) {
        self.segments = segments
        self.rate = rate
        self.step = step
        self.pool = pool
    }
}
