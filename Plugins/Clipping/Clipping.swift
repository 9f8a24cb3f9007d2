public import LatheComponents
public import LatheGraph
public import LatheSpec

/// The components of this plugin.
public enum ClippingPlugin {
    /// All of them.
    public static let components: [any Component.Type] = [NoClipping.self, GlobalNorm.self, Value.self]
}

/// Gradients as they are.
public struct NoClipping: ClippingPolicy {
    /// No knobs.
    public struct Config: ComponentConfig {
        /// The defaults.
        public init() {}
    }

    /// `none`
    public static let name = "none"
    /// What it is, in a line.
    public static let summary = "Gradients as they are."

    /// No clipping.
    public init(_ config: Config) {}

    /// Bounds nothing.
    public func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {}
}

/// All gradients scaled by one factor when their common norm is too large (Pascanu et al., 2013).
public struct GlobalNorm: ClippingPolicy {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// The bound.
        @Field("The largest Euclidean norm of all gradients together.", above: 0) public var maximum = 1.0
        /// The defaults.
        public init() {}
    }

    /// `global_norm`
    public static let name = "global_norm"
    /// What it is, in a line.
    public static let summary = "All gradients scaled by one factor when their common norm is too large."
    private let maximum: Double

    /// Clipping at a norm.
    public init(_ config: Config) { maximum = config.maximum }

    /// min(1, maximum / (norm + 1e-6)), as PyTorch's clip_grad_norm_.
    public func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {
        var squares = 0.0
        for norm in norms { squares += norm * norm }
        let scale = Float(min(1, maximum / (squares.squareRoot() + 1e-6)))
        for index in limits.indices { limits[index].scale = scale }
    }
}

/// Each element of the gradients kept between -maximum and maximum.
public struct Value: ClippingPolicy {
    /// Its knobs.
    public struct Config: ComponentConfig {
        /// The bound.
        @Field("The largest magnitude of any element.", above: 0) public var maximum: Float = 1
        /// The defaults.
        public init() {}
    }

    /// `value`
    public static let name = "value"
    /// What it is, in a line.
    public static let summary = "Each element of the gradients kept within bounds."
    private let maximum: Float

    /// Clipping of elements.
    public init(_ config: Config) { maximum = config.maximum }

    /// Clamps every element.
    public func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {
        for index in limits.indices { limits[index].clamp = maximum }
    }
}
