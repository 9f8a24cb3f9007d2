public import LatheKernels

/// A bfloat16 copy of all weights, for passes limited by reading them: token-by-token generation is memory-bound.
///
/// Half the size of the weights, and not updated when they change.
public final class RoundedWeights: Sendable {
    /// Two weights in the 32 bits of a float, in the order of the flat buffer [flatCount / 2].
    let pairs: FloatBuffer

    /// Rounds the current weights; nil if the pool's products are fp32.
    public init?(_ parameters: ParameterStore, pool: ThreadPool) throws(OutOfMemory) {
        guard pool.precision == .bfloat16 else { return nil }
        pairs = try FloatBuffer(count: parameters.layout.flatCount / 2)
        Product.round(pool, parameters.weights.base, pairs: pairs.base, count: parameters.layout.flatCount)
    }
}
