public import LatheComponents
public import LatheGraph
public import LatheSpec

public enum ClippingPlugin {
    public static let components: [any Component.Type] = [NoClipping.self, GlobalNorm.self, ValueClipping.self]
}

public struct NoClipping: ClippingPolicy {
    public struct Config: ComponentConfig {
        public init() {}
    }

    public static let name = "none"
    public static let summary = "No clipping."

    public init(_ config: Config) {}

    public func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {}
}

/// Scales all gradients by one factor when their global L2 norm exceeds the maximum (Pascanu et al., 2013).
public struct GlobalNorm: ClippingPolicy {
    public struct Config: ComponentConfig {
        @Field("Maximum global L2 norm of the gradients.", above: 0) public var maximum = 1.0
        public init() {}
    }

    public static let name = "global_norm"
    public static let summary = "Scales all gradients by one factor when their global norm exceeds the maximum."
    private let maximum: Double

    public init(_ config: Config) { maximum = config.maximum }

    /// `scale = min(1, maximum / (norm + 1e-6))`, like PyTorch's `clip_grad_norm_`.
    public func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {
        var squares = 0.0
        for norm in norms { squares += norm * norm }
        let scale = Float(min(1, maximum / (squares.squareRoot() + 1e-6)))
        for index in limits.indices { limits[index].scale = scale }
    }
}

public struct ValueClipping: ClippingPolicy {
    public struct Config: ComponentConfig {
        @Field("Maximum magnitude of a gradient element.", above: 0) public var maximum: Float = 1
        public init() {}
    }

    public static let name = "value"
    public static let summary = "Clamps each gradient element to [-maximum, maximum]."
    private let maximum: Float

    public init(_ config: Config) { maximum = config.maximum }

    public func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {
        for index in limits.indices { limits[index].clamp = maximum }
    }
}
