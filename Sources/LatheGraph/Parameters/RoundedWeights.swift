public import LatheKernels

/// A copy of all weights in bfloat16, for passes that do little but read them: generation, one token after the other, takes the time of its memory.
///
/// Half as large as the weights, and not kept current with them.
public final class RoundedWeights: Sendable {
    /// Two weights in the 32 bits of a float, in the order of the flat buffer [flatCount / 2].
    let pairs: FloatBuffer

    /// The weights of now; nil where the pool's products are in fp32.
    public init?(_ parameters: ParameterStore, pool: ThreadPool) throws(OutOfMemory) {
        guard pool.precision == .bfloat16 else { return nil }
        pairs = try FloatBuffer(count: parameters.layout.flatCount / 2)
        Product.round(pool, parameters.weights.base, pairs: pairs.base, count: parameters.layout.flatCount)
    }
}
