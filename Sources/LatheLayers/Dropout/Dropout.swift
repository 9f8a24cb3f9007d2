import CKernels
public import LatheKernels

/// Inverted dropout: y = x mask / (1 - p). The mask is a pure function of key and element. Srivastava et al., JMLR 15,
/// 2014.
public enum Dropout {
    /// y = x mask / (1 - probability). Element i has index `firstElement + i` in the whole batch, so micro-batches see
    /// the same mask.
    public static func forward(
        _ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int, probability: Float, key: DropoutKey,
        firstElement: Int
    ) {
        run(pool, x, y, count, probability, key, firstElement, accumulate: false)
    }

    /// dx (=|+=) dy mask / (1 - probability), with the mask of `forward`.
    public static func backward(
        _ pool: ThreadPool, dy: Floats, dx: MutableFloats, count: Int, probability: Float, key: DropoutKey,
        firstElement: Int, accumulate: Bool
    ) {
        run(pool, dy, dx, count, probability, key, firstElement, accumulate: accumulate)
    }

    private static func run(
        _ pool: ThreadPool, _ x: Floats, _ y: MutableFloats, _ count: Int, _ probability: Float, _ key: DropoutKey,
        _ firstElement: Int, accumulate: Bool
    ) {
        let job = DropoutJob(
            kernels: pool.kernels, cut: Cut(count, grain: 8192), x: x, y: y, mask: DropoutMask(probability, key),
            firstElement: firstElement, accumulate: accumulate)
        pool.run(job, slices: job.cut.slices)
    }
}

/// What a dropout mask depends on besides the element: the seed of the run, the layer, the step.
public typealias DropoutKey = RandomStream

/// Probability and key in the form the C loops use.
struct DropoutMask {
    let threshold: UInt32
    let factor: Float
    let key: DropoutKey

    init(_ probability: Float, _ key: DropoutKey) {
        precondition((0..<1).contains(probability), "a dropout probability is in 0..<1, not \(probability)")
        threshold = UInt32((probability * 0x1p24).rounded())
        factor = 1 / (1 - probability)
        self.key = key
    }

    /// y (=|+=) x mask / (1 - p) for `count` elements from index `first`.
    func apply(
        _ kernels: UnsafePointer<lathe_kernels>, _ x: Floats, _ y: MutableFloats, _ count: Int, first: Int,
        accumulate: Bool = false
    ) {
        key.withKey {
            kernels.pointee.dropout(x, y, count, UInt64(first), threshold, factor, $0, accumulate ? 1 : 0)
        }
    }
}

private struct DropoutJob: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, y: MutableFloats, mask: DropoutMask, firstElement: Int, accumulate: Bool

    func run(_ slice: Int) {
        let r = cut.range(slice)
        mask.apply(
            kernels, x + r.lowerBound, y + r.lowerBound, r.count, first: firstElement + r.lowerBound,
            accumulate: accumulate)
    }
}

extension Reference {
    /// y = x mask / (1 - probability).
    public static func dropout(
        x: Floats, y: MutableFloats, count: Int, probability: Float, key: DropoutKey, firstElement: Int
    ) {
        for i in 0..<count {
            let kept = key.bits(firstElement + i) >> 8 >= UInt32((probability * 0x1p24).rounded())
            y[i] = kept ? x[i] / (1 - probability) : 0
        }
    }
}
