public import LatheComponents
import LatheGraph
import LatheSpec

public enum ClippingPlugin: Plugin {
    public static let components: [any Component.Type] = [NoClipping.self, GlobalNorm.self, ValueClipping.self]
}

struct NoClipping: ClippingPolicy {
    struct Config: ComponentConfig {}

    static let name = "none"
    static let summary = "No clipping."

    init(_ config: Config) {}

    func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {}
}

/// Scales all gradients by one factor when their global L2 norm exceeds the maximum (Pascanu et al., 2013).
struct GlobalNorm: ClippingPolicy {
    struct Config: ComponentConfig {
        @Field("Maximum global L2 norm of the gradients.", above: 0) var maximum = 1.0
    }

    static let name = "global_norm"
    static let summary = "Scales all gradients by one factor when their global norm exceeds the maximum."
    private let maximum: Double

    init(_ config: Config) { maximum = config.maximum }

    /// `scale = min(1, maximum / (norm + 1e-6))`, like PyTorch's `clip_grad_norm_`.
    func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {
        var squares = 0.0
        for norm in norms { squares += norm * norm }
        let scale = Float(min(1, maximum / (squares.squareRoot() + 1e-6)))
        for index in limits.indices { limits[index].scale = scale }
    }
}

struct ValueClipping: ClippingPolicy {
    struct Config: ComponentConfig {
        @Field("Maximum magnitude of a gradient element.", above: 0) var maximum: Float = 1
    }

    static let name = "value"
    static let summary = "Clamps each gradient element to [-maximum, maximum]."
    private let maximum: Float

    init(_ config: Config) { maximum = config.maximum }

    func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>) {
        for index in limits.indices { limits[index].clamp = maximum }
    }
}
