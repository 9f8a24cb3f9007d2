import CKernels

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
        if let pairKernels = pool.pairKernels {
            let job = AttentionForwardPairs(
                kernels: pool.kernels, pairKernels: pairKernels, shape: shape, qkv: qkv, out: out,
                logSumExp: logSumExp, scratch: scratch, dropout: dropout)
            pool.run(job, slices: shape.cut.slices)
            return
        }
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
        if let pairKernels = pool.pairKernels {
            let job = AttentionBackwardPairs(
                kernels: pool.kernels, pairKernels: pairKernels, shape: shape, qkv: qkv, out: out, dOut: dOut,
                logSumExp: logSumExp, dQKV: dQKV, scratch: scratch, dropout: dropout)
            pool.run(job, slices: shape.cut.slices)
            return
        }
        let job = AttentionBackward(
            kernels: pool.kernels, shape: shape, qkv: qkv, out: out, dOut: dOut, logSumExp: logSumExp, dQKV: dQKV,
            scratch: scratch, dropout: dropout)
        pool.run(job, slices: shape.cut.slices)
    }

    /// Floats of scratch for `forward`, enough at any SIMD level and precision.
    public static func forwardScratch(batch: Int, time: Int, heads: Int, headDimension: Int) -> Int {
        AttentionShape.scratch(batch: batch, time: time, heads: heads, dimension: headDimension, backward: false)
    }

    /// Floats of scratch for `backward`, enough at any SIMD level and precision.
    public static func backwardScratch(batch: Int, time: Int, heads: Int, headDimension: Int) -> Int {
        AttentionShape.scratch(batch: batch, time: time, heads: heads, dimension: headDimension, backward: true)
    }
}

/// How the work on B H heads is cut, and one slice's scratch.
struct AttentionShape {
    /// Queries whose probabilities exist at a time; keys beyond the last of them are skipped.
    static let queryTile = 32

    let batch: Int, time: Int, heads: Int, dimension: Int
    let cut: Cut
    /// Columns of a packed panel, at this SIMD level.
    let panel: Int
    /// `time` padded to whole panels, `dimension` to whole vectors, at any level.
    let paddedTime: Int, paddedDimension: Int
    let width: Int

    init(_ kernels: UnsafePointer<lathe_kernels>, batch: Int, time: Int, heads: Int, dimension: Int) {
        self.batch = batch
        self.time = time
        self.heads = heads
        self.dimension = dimension
        width = heads * dimension
        panel = Int(kernels.pointee.panel_columns)
        paddedTime = Self.padded(time, 64)
        paddedDimension = Self.padded(dimension, 16)
        cut = Self.cut(batch * heads)
    }

    /// Slices of whole heads. No more than 32, since each has scratch of its own.
    private static func cut(_ count: Int) -> Cut { Cut(count, slices: min(count, 32)) }
    private static func padded(_ count: Int, _ multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }

    static func lane(time: Int, dimension: Int, backward: Bool) -> Int {
        let turned = padded(time, 64) * dimension, rows = time * padded(dimension, 16)
        let strip = queryTile * padded(time, 64)
        let single = backward ? 2 * turned + 3 * rows + 2 * strip + queryTile : turned + 2 * rows + strip
        return max(single, pairsLane(time: time, dimension: dimension, backward: backward))
    }

    static func scratch(batch: Int, time: Int, heads: Int, dimension: Int, backward: Bool) -> Int {
        cut(batch * heads).slices * lane(time: time, dimension: dimension, backward: backward)
    }

    /// Multiplies probabilities, or their gradients, of queries first ..< first + rows by the mask of their head.
    func mask(
        _ kernels: UnsafePointer<lathe_kernels>, _ dropout: CausalAttention.ProbabilityDropout, _ strip: MutableFloats,
        index: Int, first: Int, rows: Int
    ) {
        let head = dropout.firstRow * heads + index
        for i in first..<(first + rows) {
            let row = strip + (i - first) * paddedTime
            dropout.mask.apply(kernels, row, row, i + 1, first: (head * time + i) * time)
        }
    }

    /// Packs the rows of one head, [T, D] with rows `stride` apart, turned: panels of keys [D, panel], for products with them transposed.
    func packTurned(_ kernels: UnsafePointer<lathe_kernels>, _ rows: Floats, stride: Int, _ out: MutableFloats) {
        for first in Swift.stride(from: 0, to: time, by: panel) {
            kernels.pointee.pack_panel(
                rows + first * stride, 1, stride, out + first * dimension, panel, dimension, min(panel, time - first))
        }
    }

    /// Copies the rows of one head together, padded to whole vectors.
    func packRows(_ kernels: UnsafePointer<lathe_kernels>, _ rows: Floats, stride: Int, _ out: MutableFloats) {
        kernels.pointee.pack_panel(rows, stride, 1, out, paddedDimension, time, dimension)
    }

    /// c [rows, keys] = a [rows, D] times turned panels; c's rows are `paddedTime` apart.
    @inline(__always)
    func multiplyTurned(
        _ kernels: UnsafePointer<lathe_kernels>, _ a: Floats, stride: Int, _ turned: Floats, _ c: MutableFloats,
        rows: Int, keys: Int
    ) {
        for first in Swift.stride(from: 0, to: keys, by: panel) {
            kernels.pointee.multiply_panel(
                a, stride, 1, turned + first * dimension, panel, nil, c + first, paddedTime, rows, dimension,
                min(panel, keys - first), 0)
        }
    }

    /// c [rows, D] (=|+=) a [rows, depth] times rows as `packRows` leaves them; c's rows are `stride` apart.
    @inline(__always)
    func multiplyRows(
        _ kernels: UnsafePointer<lathe_kernels>, _ a: Floats, _ rowStride: Int, _ columnStride: Int, _ packed: Floats,
        _ c: MutableFloats, stride: Int, rows: Int, depth: Int, accumulate: Bool
    ) {
        for first in Swift.stride(from: 0, to: dimension, by: panel) {
            kernels.pointee.multiply_panel(
                a, rowStride, columnStride, packed + first, paddedDimension, nil, c + first, stride, rows, depth,
                min(panel, dimension - first), accumulate ? 1 : 0)
        }
    }
}

private struct AttentionForward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let shape: AttentionShape
    let qkv: Floats, out: MutableFloats, logSumExp: MutableFloats, scratch: MutableFloats
    let dropout: CausalAttention.ProbabilityDropout?

    func run(_ slice: Int) {
        let d = shape.dimension, c = shape.width, t = shape.time, tile = AttentionShape.queryTile
        let turned = scratch + slice * AttentionShape.lane(time: t, dimension: d, backward: false)
        let values = turned + shape.paddedTime * d
        let queries = values + t * shape.paddedDimension, strip = queries + t * shape.paddedDimension
        let scale = 1 / Float(d).squareRoot()
        for index in shape.cut.range(slice) {
            let b = index / shape.heads, h = index % shape.heads
            let q = qkv + b * t * 3 * c + h * d
            shape.packTurned(kernels, q + c, stride: 3 * c, turned)
            shape.packRows(kernels, q + 2 * c, stride: 3 * c, values)
            shape.packRows(kernels, q, stride: 3 * c, queries)
            for first in stride(from: 0, to: t, by: tile) {
                let rows = min(tile, t - first), keys = first + rows
                shape.multiplyTurned(
                    kernels, queries + first * shape.paddedDimension, stride: shape.paddedDimension, turned, strip,
                    rows: rows, keys: keys)
                let o = out + (b * t + first) * c + h * d
                kernels.pointee.causal_softmax(
                    strip, shape.paddedTime, rows, first, keys, scale, logSumExp + index * t + first)
                if let dropout { shape.mask(kernels, dropout, strip, index: index, first: first, rows: rows) }
                shape.multiplyRows(
                    kernels, strip, shape.paddedTime, 1, values, o, stride: c, rows: rows, depth: keys,
                    accumulate: false)
            }
        }
    }
}

/// With P the probabilities, O = P V and delta_i = dO_i . O_i: dV = P^T dO, dP = dO V^T, dS = P (dP - delta) / sqrt(D), dQ = dS K, dK = dS^T Q.
/// Dropout multiplies P in dV, and dP, by the mask.
private struct AttentionBackward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let shape: AttentionShape
    let qkv: Floats, out: Floats, dOut: Floats, logSumExp: Floats, dQKV: MutableFloats, scratch: MutableFloats
    let dropout: CausalAttention.ProbabilityDropout?

    func run(_ slice: Int) {
        let d = shape.dimension, c = shape.width, t = shape.time, tile = AttentionShape.queryTile
        let part = t * shape.paddedDimension
        let turnedKeys = scratch + slice * AttentionShape.lane(time: t, dimension: d, backward: true)
        let turnedValues = turnedKeys + shape.paddedTime * d
        let queries = turnedValues + shape.paddedTime * d, keyRows = queries + part, gradients = keyRows + part
        let p = gradients + part, dp = p + tile * shape.paddedTime, deltas = dp + tile * shape.paddedTime
        let scale = 1 / Float(d).squareRoot()
        for index in shape.cut.range(slice) {
            let b = index / shape.heads, h = index % shape.heads
            let q = qkv + b * t * 3 * c + h * d, k = q + c, v = k + c
            let g = dOut + b * t * c + h * d, o = out + b * t * c + h * d
            let dq = dQKV + b * t * 3 * c + h * d, dk = dq + c, dv = dk + c
            shape.packTurned(kernels, k, stride: 3 * c, turnedKeys)
            shape.packTurned(kernels, v, stride: 3 * c, turnedValues)
            shape.packRows(kernels, q, stride: 3 * c, queries)
            shape.packRows(kernels, k, stride: 3 * c, keyRows)
            shape.packRows(kernels, g, stride: c, gradients)
            // The last tile sees all keys: its products overwrite what lies in dk and dv, those of the others add.
            for first in stride(from: (t - 1) / tile * tile, through: 0, by: -tile) {
                let rows = min(tile, t - first), keys = first + rows
                let from = first * shape.paddedDimension
                shape.multiplyTurned(
                    kernels, queries + from, stride: shape.paddedDimension, turnedKeys, p, rows: rows, keys: keys)
                shape.multiplyTurned(
                    kernels, gradients + from, stride: shape.paddedDimension, turnedValues, dp, rows: rows, keys: keys)
                kernels.pointee.causal_probabilities(
                    p, shape.paddedTime, rows, first, keys, scale, logSumExp + index * t + first)
                for i in 0..<rows {
                    let at = (first + i) * c
                    deltas[i] = kernels.pointee.dot(g + at, o + at, d)
                }
                if let dropout { shape.mask(kernels, dropout, dp, index: index, first: first, rows: rows) }
                kernels.pointee.softmax_backward(p, dp, shape.paddedTime, rows, keys, scale, deltas)
                if let dropout { shape.mask(kernels, dropout, p, index: index, first: first, rows: rows) }
                let add = first + tile < t
                shape.multiplyRows(
                    kernels, dp, shape.paddedTime, 1, keyRows, dq + first * 3 * c, stride: 3 * c, rows: rows,
                    depth: keys, accumulate: false)
                shape.multiplyRows(
                    kernels, dp, 1, shape.paddedTime, queries + from, dk, stride: 3 * c, rows: keys, depth: rows,
                    accumulate: add)
                shape.multiplyRows(
                    kernels, p, 1, shape.paddedTime, gradients + from, dv, stride: 3 * c, rows: keys, depth: rows,
                    accumulate: add)
            }
        }
    }
}
