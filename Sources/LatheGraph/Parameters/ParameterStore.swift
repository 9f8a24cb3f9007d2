public import LatheKernels

/// The weights of a model and their gradients, each one flat buffer.
public final class ParameterStore: Sendable {
    /// What lies where.
    public let layout: ParameterLayout
    /// All weights [flatCount]; padding stays zero.
    public let weights: FloatBuffer
    /// All gradients [flatCount]; padding stays zero. Costs no memory before the first backward pass touches it.
    public let gradients: FloatBuffer

    /// Parameters of zero.
    public init(layout: ParameterLayout) throws(OutOfMemory) {
        self.layout = layout
        weights = try FloatBuffer(count: layout.flatCount)
        gradients = try FloatBuffer(count: layout.flatCount)
    }

    /// Parameters with the values that they have before training, the same with any threads or none.
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
