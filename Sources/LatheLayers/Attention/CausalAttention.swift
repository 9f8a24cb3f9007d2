import CKernels
public import LatheKernels

// B sequences, T positions, H heads of dimension D, width C = H D.

/// Multi-head causal self-attention: out = softmax(q k^T / sqrt(D), keys up to the query) v for each head. Vaswani et
/// al., 2017. Probabilities exist for one tile of queries at a time, as in Dao et al., "FlashAttention", 2022.
///
/// qkv [B, T, 3C] holds q, k and v side by side, each [H, D].
public enum CausalAttention {
    public struct ProbabilityDropout: Sendable {
        let mask: DropoutMask
        let firstRow: Int
        /// - Parameter firstRow: index in the whole batch of the first sequence here, so that micro-batches see the
        ///   same mask.
        public init(probability: Float, key: DropoutKey, firstRow: Int) {
            mask = DropoutMask(probability, key)
            self.firstRow = firstRow
        }
    }

    /// out [B, T, C] and logSumExp [B, H, T], which the backward pass needs; `scratch` has `forwardScratch(...)`
    /// floats.
    public static func forward(
        _ pool: ThreadPool, qkv: Floats, out: MutableFloats, logSumExp: MutableFloats, scratch: MutableFloats,
        batch: Int, time: Int, heads: Int, headDimension: Int, dropout: ProbabilityDropout? = nil
    ) {
        let shape = AttentionShape(pool.kernels, batch: batch, time: time, heads: heads, dimension: headDimension)
        func run(_ products: some HeadProducts) {
            let job = AttentionForward(
                kernels: pool.kernels, products: products, shape: shape, qkv: qkv, out: out, logSumExp: logSumExp,
                scratch: scratch, dropout: dropout)
            pool.run(job, slices: shape.cut.slices)
        }
        if let pairKernels = pool.pairKernels {
            run(PairsHeadProducts(kernels: pairKernels, shape: shape))
        } else {
            run(SingleHeadProducts(kernels: pool.kernels, shape: shape))
        }
    }

    /// dQKV [B, T, 3C], overwritten; `scratch` has `backwardScratch(...)` floats.
    public static func backward(
        _ pool: ThreadPool, qkv: Floats, out: Floats, dOut: Floats, logSumExp: Floats, dQKV: MutableFloats,
        scratch: MutableFloats, batch: Int, time: Int, heads: Int, headDimension: Int,
        dropout: ProbabilityDropout? = nil
    ) {
        let shape = AttentionShape(pool.kernels, batch: batch, time: time, heads: heads, dimension: headDimension)
        func run(_ products: some HeadProducts) {
            let job = AttentionBackward(
                kernels: pool.kernels, products: products, shape: shape, qkv: qkv, out: out, dOut: dOut,
                logSumExp: logSumExp, dQKV: dQKV, scratch: scratch, dropout: dropout)
            pool.run(job, slices: shape.cut.slices)
        }
        if let pairKernels = pool.pairKernels {
            run(PairsHeadProducts(kernels: pairKernels, shape: shape))
        } else {
            run(SingleHeadProducts(kernels: pool.kernels, shape: shape))
        }
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

/// How the work over B H heads is sliced, and the scratch of one slice.
struct AttentionShape {
    /// Queries processed together; keys after the last of them are skipped.
    static let queryTile = 32

    let batch: Int, time: Int, heads: Int, dimension: Int
    let cut: Cut
    /// Columns of a packed panel at this SIMD level.
    let panel: Int
    /// `time` padded to whole panels and `dimension` to whole vectors, for any level.
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

    /// Slices of whole heads; at most 32, since each needs its own scratch.
    private static func cut(_ count: Int) -> Cut { Cut(count, slices: min(count, 32)) }
    static func padded(_ count: Int, _ multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }

    /// Floats of a slice's scratch, enough for any precision.
    static func lane(time: Int, dimension: Int, backward: Bool) -> Int {
        let single = SingleHeadProducts.layout(time: time, dimension: dimension)
        let pairs = PairsHeadProducts.layout(time: time, dimension: dimension)
        return backward ? max(single.backward, pairs.backward) : max(single.forward, pairs.forward)
    }

    static func scratch(batch: Int, time: Int, heads: Int, dimension: Int, backward: Bool) -> Int {
        cut(batch * heads).slices * lane(time: time, dimension: dimension, backward: backward)
    }

    /// Multiplies probabilities, or their gradients, of queries first ..< first + rows by their head's dropout mask.
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
}

/// The products of one head in one precision. Rows are passed as they lie in qkv: [T, D], `stride` apart.
protocol HeadProducts {
    /// Sizes of the parts of a slice's scratch, in floats.
    static func layout(time: Int, dimension: Int) -> HeadLayout
    /// Packs rows into panels, transposed, as the right factor of ``scores(_:_:_:rows:keys:)``.
    func turn(_ rows: Floats, stride: Int, _ out: MutableFloats)
    /// Rows as left factors of ``scores(_:_:_:rows:keys:)``, converted into `room` if necessary.
    func left(_ rows: Floats, stride: Int, _ room: MutableFloats) -> HeadRows
    /// Packs rows as right factors.
    func pack(_ rows: Floats, stride: Int, _ out: MutableFloats)
    /// c [rows, keys] = a [rows, D] times the result of `turn`; rows of c are `paddedTime` apart.
    func scores(_ a: HeadRows, _ turned: Floats, _ c: MutableFloats, rows: Int, keys: Int)
    /// c [rows, D] = a strip [rows, keys] times the result of `pack`; rows of c are `stride` apart.
    func multiply(
        _ strip: Floats, _ rounded: MutableFloats, _ packed: Floats, _ c: MutableFloats, stride: Int, rows: Int,
        keys: Int)
    /// c [keys, D] (=|+=) a strip [rows, keys] transposed times rows `first` ... of the result of `pack`.
    func multiplyTransposed(
        _ strip: Floats, _ rounded: MutableFloats, _ packed: Floats, first: Int, _ c: MutableFloats, stride: Int,
        rows: Int, keys: Int, accumulate: Bool)
}

/// Rows of one head as a left factor.
struct HeadRows {
    let start: Floats, stride: Int
    func from(_ row: Int) -> HeadRows { HeadRows(start: start + row * stride, stride: stride) }
}

/// Sizes of the parts of a slice's scratch, in floats.
struct HeadLayout {
    /// Results of `turn`, room for `left`, result of `pack`.
    let turned: Int, left: Int, packed: Int
    /// Scores of a tile of queries.
    let strip: Int
    /// A strip as a left factor, in the forward and in the backward pass.
    let rounded: (forward: Int, backward: Int)

    var forward: Int { turned + left + packed + strip + rounded.forward }
    var backward: Int { 2 * turned + 2 * left + 3 * packed + 2 * strip + rounded.backward + AttentionShape.queryTile }
}

/// Single precision uses left factors in place.
struct SingleHeadProducts: HeadProducts {
    let kernels: UnsafePointer<lathe_kernels>
    let shape: AttentionShape

    static func layout(time: Int, dimension: Int) -> HeadLayout {
        let paddedTime = AttentionShape.padded(time, 64)
        return HeadLayout(
            turned: paddedTime * dimension, left: 0, packed: time * AttentionShape.padded(dimension, 16),
            strip: AttentionShape.queryTile * paddedTime, rounded: (0, 0))
    }

    func turn(_ rows: Floats, stride: Int, _ out: MutableFloats) {
        for first in Swift.stride(from: 0, to: shape.time, by: shape.panel) {
            kernels.pointee.pack_panel(
                rows + first * stride, 1, stride, out + first * shape.dimension, shape.panel, shape.dimension,
                min(shape.panel, shape.time - first))
        }
    }

    func left(_ rows: Floats, stride: Int, _ room: MutableFloats) -> HeadRows { HeadRows(start: rows, stride: stride) }

    /// Contiguous, and padded to whole vectors.
    func pack(_ rows: Floats, stride: Int, _ out: MutableFloats) {
        kernels.pointee.pack_panel(rows, stride, 1, out, shape.paddedDimension, shape.time, shape.dimension)
    }

    func scores(_ a: HeadRows, _ turned: Floats, _ c: MutableFloats, rows: Int, keys: Int) {
        for first in stride(from: 0, to: keys, by: shape.panel) {
            kernels.pointee.multiply_panel(
                a.start, a.stride, 1, turned + first * shape.dimension, shape.panel, nil, c + first, shape.paddedTime,
                rows, shape.dimension, min(shape.panel, keys - first), 0)
        }
    }

    func multiply(
        _ strip: Floats, _ rounded: MutableFloats, _ packed: Floats, _ c: MutableFloats, stride: Int, rows: Int,
        keys: Int
    ) {
        product(strip, shape.paddedTime, 1, packed, c, stride: stride, rows: rows, depth: keys, accumulate: false)
    }

    func multiplyTransposed(
        _ strip: Floats, _ rounded: MutableFloats, _ packed: Floats, first: Int, _ c: MutableFloats, stride: Int,
        rows: Int, keys: Int, accumulate: Bool
    ) {
        product(
            strip, 1, shape.paddedTime, packed + first * shape.paddedDimension, c, stride: stride, rows: keys,
            depth: rows, accumulate: accumulate)
    }

    private func product(
        _ a: Floats, _ rowStride: Int, _ columnStride: Int, _ packed: Floats, _ c: MutableFloats, stride: Int,
        rows: Int, depth: Int, accumulate: Bool
    ) {
        for first in Swift.stride(from: 0, to: shape.dimension, by: shape.panel) {
            kernels.pointee.multiply_panel(
                a, rowStride, columnStride, packed + first, shape.paddedDimension, nil, c + first, stride, rows, depth,
                min(shape.panel, shape.dimension - first), accumulate ? 1 : 0)
        }
    }
}

private struct AttentionForward<Products: HeadProducts>: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let products: Products
    let shape: AttentionShape
    let qkv: Floats, out: MutableFloats, logSumExp: MutableFloats, scratch: MutableFloats
    let dropout: CausalAttention.ProbabilityDropout?

    func run(_ slice: Int) {
        let d = shape.dimension, c = shape.width, t = shape.time, tile = AttentionShape.queryTile
        let layout = Products.layout(time: t, dimension: d)
        let turned = scratch + slice * AttentionShape.lane(time: t, dimension: d, backward: false)
        let room = turned + layout.turned, values = room + layout.left
        let strip = values + layout.packed, rounded = strip + layout.strip
        let scale = 1 / Float(d).squareRoot()
        for index in shape.cut.range(slice) {
            let b = index / shape.heads, h = index % shape.heads
            let q = qkv + b * t * 3 * c + h * d
            products.turn(q + c, stride: 3 * c, turned)
            products.pack(q + 2 * c, stride: 3 * c, values)
            let queries = products.left(q, stride: 3 * c, room)
            for first in stride(from: 0, to: t, by: tile) {
                let rows = min(tile, t - first), keys = first + rows
                products.scores(queries.from(first), turned, strip, rows: rows, keys: keys)
                kernels.pointee.causal_softmax(
                    strip, shape.paddedTime, rows, first, keys, scale, logSumExp + index * t + first)
                if let dropout { shape.mask(kernels, dropout, strip, index: index, first: first, rows: rows) }
                products.multiply(
                    strip, rounded, values, out + (b * t + first) * c + h * d, stride: c, rows: rows, keys: keys)
            }
        }
    }
}

/// With P the probabilities, O = P V and delta_i = dO_i . O_i: dV = P^T dO, dP = dO V^T, dS = P (dP - delta) / sqrt(D),
/// dQ = dS K, dK = dS^T Q. Dropout multiplies P in dV, and dP, by the mask.
private struct AttentionBackward<Products: HeadProducts>: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let products: Products
    let shape: AttentionShape
    let qkv: Floats, out: Floats, dOut: Floats, logSumExp: Floats, dQKV: MutableFloats, scratch: MutableFloats
    let dropout: CausalAttention.ProbabilityDropout?

    func run(_ slice: Int) {
        let d = shape.dimension, c = shape.width, t = shape.time, tile = AttentionShape.queryTile
        let layout = Products.layout(time: t, dimension: d)
        let turnedKeys = scratch + slice * AttentionShape.lane(time: t, dimension: d, backward: true)
        let turnedValues = turnedKeys + layout.turned, room = turnedValues + layout.turned
        let packedQueries = room + 2 * layout.left, packedKeys = packedQueries + layout.packed
        let packedGradients = packedKeys + layout.packed
        let p = packedGradients + layout.packed, dp = p + layout.strip
        let rounded = dp + layout.strip, deltas = rounded + layout.rounded.backward
        let scale = 1 / Float(d).squareRoot()
        for index in shape.cut.range(slice) {
            let b = index / shape.heads, h = index % shape.heads
            let q = qkv + b * t * 3 * c + h * d, k = q + c, v = k + c
            let g = dOut + b * t * c + h * d, o = out + b * t * c + h * d
            let dq = dQKV + b * t * 3 * c + h * d, dk = dq + c, dv = dk + c
            products.turn(k, stride: 3 * c, turnedKeys)
            products.turn(v, stride: 3 * c, turnedValues)
            let queries = products.left(q, stride: 3 * c, room)
            let gradients = products.left(g, stride: c, room + layout.left)
            products.pack(q, stride: 3 * c, packedQueries)
            products.pack(k, stride: 3 * c, packedKeys)
            products.pack(g, stride: c, packedGradients)
            // The last tile sees all keys, so its products overwrite dk and dv; the others add to them.
            for first in stride(from: (t - 1) / tile * tile, through: 0, by: -tile) {
                let rows = min(tile, t - first), keys = first + rows
                products.scores(queries.from(first), turnedKeys, p, rows: rows, keys: keys)
                products.scores(gradients.from(first), turnedValues, dp, rows: rows, keys: keys)
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
                products.multiply(dp, rounded, packedKeys, dq + first * 3 * c, stride: 3 * c, rows: rows, keys: keys)
                products.multiplyTransposed(
                    dp, rounded, packedQueries, first: first, dk, stride: 3 * c, rows: rows, keys: keys,
                    accumulate: add)
                products.multiplyTransposed(
                    p, rounded, packedGradients, first: first, dv, stride: 3 * c, rows: rows, keys: keys,
                    accumulate: add)
            }
        }
    }
}
