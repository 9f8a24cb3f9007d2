import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// B sequences, T positions, H heads of dimension D, width C = H D.

/// Multi-head causal self-attention: out = softmax(q k^T / sqrt(D), keys up to the query) v for each head.
/// Vaswani et al., 2017; rows of T probabilities exist for a tile of queries only, as in Dao et al., "FlashAttention", 2022.
///
/// qkv [B, T, 3C] holds q, k and v side by side, each [H, D].
public enum CausalAttention {
    /// Dropout of attention probabilities.
    public struct ProbabilityDropout: Sendable {
        let mask: DropoutMask
        let firstRow: Int
        /// - Parameter firstRow: the index in the whole batch of the first sequence here, so that micro-batches see the same mask.
        public init(probability: Float, key: DropoutKey, firstRow: Int) {
            mask = DropoutMask(probability, key)
            self.firstRow = firstRow
        }
    }

    /// out [B, T, C] and logSumExp [B, H, T], which the backward pass needs; `scratch` has `forwardScratch(...)` floats.
    public static func forward(
        _ pool: ThreadPool, qkv: Floats, out: MutableFloats, logSumExp: MutableFloats, scratch: MutableFloats,
        batch: Int, time: Int, heads: Int, headDimension: Int, dropout: ProbabilityDropout? = nil
    ) {
        let shape = AttentionShape(pool.kernels, batch: batch, time: time, heads: heads, dimension: headDimension)
        let job = AttentionForward(
            kernels: pool.kernels, shape: shape, qkv: qkv, out: out, logSumExp: logSumExp, scratch: scratch,
            dropout: dropout)
        pool.run(job, slices: shape.cut.slices)
    }

    /// dQKV [B, T, 3C], overwritten; `scratch` has `backwardScratch(...)` floats.
    public static func backward(
        _ pool: ThreadPool, qkv: Floats, out: Floats, dOut: Floats, logSumExp: Floats, dQKV: MutableFloats,
        scratch: MutableFloats, batch: Int, time: Int, heads: Int, headDimension: Int,
        dropout: ProbabilityDropout? = nil
    ) {
        let shape = AttentionShape(pool.kernels, batch: batch, time: time, heads: heads, dimension: headDimension)
        let job = AttentionBackward(
            kernels: pool.kernels, shape: shape, qkv: qkv, out: out, dOut: dOut, logSumExp: logSumExp, dQKV: dQKV,
            scratch: scratch, dropout: dropout)
        pool.run(job, slices: shape.cut.slices)
    }

    /// Floats of scratch for `forward`, enough at any SIMD level.
    public static func forwardScratch(batch: Int, time: Int, heads: Int, headDimension: Int) -> Int {
        AttentionShape.scratch(batch: batch, time: time, heads: heads, dimension: headDimension, backward: false)
    }

    /// Floats of scratch for `backward`, enough at any SIMD level.
    public static func backwardScratch(batch: Int, time: Int, heads: Int, headDimension: Int) -> Int {
        AttentionShape.scratch(batch: batch, time: time, heads: heads, dimension: headDimension, backward: true)
    }
}

/// How the work on B H heads is cut, and one slice's scratch.
struct AttentionShape {
    /// Queries whose probabilities exist at a time.
    static let queryTile = 32
    /// Columns of a packed panel are at most this many at any SIMD level, and scratch is padded to them.
    static let padding = 64

    let batch: Int, time: Int, heads: Int, dimension: Int
    let cut: Cut
    let panel: Int
    /// `time` and `dimension`, padded to whole panels.
    let paddedTime: Int, paddedDimension: Int
    let width: Int

    init(_ kernels: UnsafePointer<lathe_kernels>, batch: Int, time: Int, heads: Int, dimension: Int) {
        self.batch = batch
        self.time = time
        self.heads = heads
        self.dimension = dimension
        width = heads * dimension
        panel = Int(kernels.pointee.panel_columns)
        paddedTime = Self.padded(time)
        paddedDimension = Self.padded(dimension)
        cut = Cut(batch * heads, slices: min(batch * heads, 32))
    }

    static func padded(_ count: Int) -> Int { (count + padding - 1) / padding * padding }

    var forwardLane: Int { Self.lane(time: time, dimension: dimension, backward: false) }
    var backwardLane: Int { Self.lane(time: time, dimension: dimension, backward: true) }

    static func lane(time: Int, dimension: Int, backward: Bool) -> Int {
        let keys = padded(time) * padded(dimension), strip = queryTile * padded(time)
        return backward ? 6 * keys + 2 * strip + 3 * queryTile * padded(dimension) : 2 * keys + strip
    }

    static func scratch(batch: Int, time: Int, heads: Int, dimension: Int, backward: Bool) -> Int {
        Cut(batch * heads, slices: min(batch * heads, 32)).slices
            * lane(time: time, dimension: dimension, backward: backward)
    }
}

/// A first version by plain loops over rows.
private struct AttentionForward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let shape: AttentionShape
    let qkv: Floats, out: MutableFloats, logSumExp: MutableFloats, scratch: MutableFloats
    let dropout: CausalAttention.ProbabilityDropout?

    func run(_ slice: Int) {
        let d = shape.dimension, c = shape.width, t = shape.time
        let p = scratch + slice * shape.forwardLane
        let scale = 1 / Float(d).squareRoot()
        for index in shape.cut.range(slice) {
            let b = index / shape.heads, h = index % shape.heads
            let q = qkv + b * t * 3 * c + h * d, k = q + c, v = k + c
            for i in 0..<t {
                for j in 0...i { p[j] = kernels.pointee.dot(q + i * 3 * c, k + j * 3 * c, d) }
                let maximum = kernels.pointee.maximum(p, i + 1)
                let sum = kernels.pointee.exponential_sum(p, maximum, scale, i + 1)
                logSumExp[index * t + i] = scale * maximum + logf(sum)
                if let dropout {
                    dropout.mask.apply(
                        kernels, p, p, i + 1, first: ((dropout.firstRow + b) * shape.heads + h) * t * t + i * t)
                }
                let o = out + (b * t + i) * c + h * d
                o.update(repeating: 0, count: d)
                for j in 0...i { kernels.pointee.add_scaled(v + j * 3 * c, p[j] / sum, o, d) }
            }
        }
    }
}

private struct AttentionBackward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let shape: AttentionShape
    let qkv: Floats, out: Floats, dOut: Floats, logSumExp: Floats, dQKV: MutableFloats, scratch: MutableFloats
    let dropout: CausalAttention.ProbabilityDropout?

    func run(_ slice: Int) {
        let d = shape.dimension, c = shape.width, t = shape.time
        let p = scratch + slice * shape.backwardLane, dp = p + t, dropped = dp + t
        let scale = 1 / Float(d).squareRoot()
        for index in shape.cut.range(slice) {
            let b = index / shape.heads, h = index % shape.heads
            let q = qkv + b * t * 3 * c + h * d, k = q + c, v = k + c
            let dq = dQKV + b * t * 3 * c + h * d, dk = dq + c, dv = dk + c
            for i in 0..<t {
                for part in [dq, dk, dv] { (part + i * 3 * c).update(repeating: 0, count: d) }
            }
            for i in 0..<t {
                let o = out + (b * t + i) * c + h * d, g = dOut + (b * t + i) * c + h * d
                for j in 0...i {
                    p[j] = kernels.pointee.dot(q + i * 3 * c, k + j * 3 * c, d)
                    dp[j] = kernels.pointee.dot(g, v + j * 3 * c, d)
                }
                kernels.pointee.probabilities(p, scale, logSumExp[index * t + i], i + 1)
                let delta = kernels.pointee.dot(o, g, d)
                dropped.update(from: p, count: i + 1)
                if let dropout {
                    let first = ((dropout.firstRow + b) * shape.heads + h) * t * t + i * t
                    dropout.mask.apply(kernels, dp, dp, i + 1, first: first)
                    dropout.mask.apply(kernels, dropped, dropped, i + 1, first: first)
                }
                kernels.pointee.softmax_backward(p, dp, delta, scale, i + 1)
                for j in 0...i {
                    kernels.pointee.add_scaled(g, dropped[j], dv + j * 3 * c, d)
                    kernels.pointee.add_scaled(k + j * 3 * c, dp[j], dq + i * 3 * c, d)
                    kernels.pointee.add_scaled(q + i * 3 * c, dp[j], dk + j * 3 * c, d)
                }
            }
        }
    }
}
