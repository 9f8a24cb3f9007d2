public import LatheGraph
public import LatheSpec

/// Limits large gradients.
public protocol ClippingPolicy: Component where Product == any ClippingPolicy {
    /// Sets a limit for every parameter. Allocates nothing.
    ///
    /// - Parameters:
    ///   - norms: the Euclidean norm of each parameter's gradient, in the layout's order.
    ///   - limits: one per parameter, unlimited on entry.
    func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>)
}

extension ClippingPolicy {
    public static var kind: Kind<any ClippingPolicy> { .clipping }
    public var product: any ClippingPolicy { self }
}

extension Kind where Product == any ClippingPolicy {
    public static var clipping: Self { Self("clipping", summary: "Gradient clipping.") }
}
