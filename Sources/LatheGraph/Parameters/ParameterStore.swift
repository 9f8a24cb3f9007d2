public import LatheKernels

/// The weights and gradients of a model, one flat buffer each.
public final class ParameterStore: Sendable {
    public let layout: ParameterLayout
    /// [flatCount]; padding stays zero.
    public let weights: FloatBuffer
    /// [flatCount]; padding stays zero. Takes no memory until the first backward pass touches it.
    public let gradients: FloatBuffer

    /// All weights are zero.
    public init(layout: ParameterLayout) throws(OutOfMemory) {
        self.layout = layout
        weights = try FloatBuffer(count: layout.flatCount)
        gradients = try FloatBuffer(count: layout.flatCount)
    }

    /// Initialised weights, identical for any number of threads.
    public convenience init(
        _ declarations: [ParameterDeclaration], seed: UInt64, pool: ThreadPool? = nil
    ) throws(OutOfMemory) {
        try self.init(layout: ParameterLayout(declarations))
        for (declaration, segment) in zip(declarations, layout.segments) {
            declaration.initializer.fill(
                weights.base + segment.offset, count: segment.count, seed: seed, name: segment.name,
                pool: pool)
        }
    }
}
