public import LatheGraph
public import LatheSpec

/// How large gradients are tamed.
public protocol ClippingPolicy: Component where Product == any ClippingPolicy {
    /// Sets a limit for every parameter. Allocates nothing.
    ///
    /// - Parameters:
    ///   - norms: the Euclidean norm of each parameter's gradient, in the layout's order.
    ///   - limits: one for each parameter, bounding nothing when called.
    func limit(norms: UnsafeBufferPointer<Double>, limits: UnsafeMutableBufferPointer<GradientLimit>)
}

extension ClippingPolicy {
    /// The kind of clipping policies: `clipping` in a spec.
    public static var kind: Kind<any ClippingPolicy> { .clipping }
    /// Itself.
    public var product: any ClippingPolicy { self }
}

extension Kind where Product == any ClippingPolicy {
    /// `clipping`
    public static var clipping: Self { Self("clipping", summary: "How large gradients are tamed.") }
}
