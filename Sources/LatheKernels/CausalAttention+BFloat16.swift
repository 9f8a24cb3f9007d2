import CKernels

// The products of attention in bfloat16. Scores, probabilities and their gradients are fp32; each is rounded for the product that it goes into.
// A tile begins at an even position, so pairs along the time belong to one tile.

extension AttentionShape {
    /// Floats of a slice's scratch in bfloat16.
    static func pairsLane(time: Int, dimension: Int, backward: Bool) -> Int {
        let layout = PairsLayout(time: time, dimension: dimension)
        return backward
            ? 2 * layout.turned + 2 * layout.rows + 3 * layout.columns + 4 * layout.strip + queryTile
            : layout.turned + layout.rows + layout.columns + 2 * layout.strip
    }
}

/// Floats of the parts of a slice's scratch.
private struct PairsLayout {
    /// Keys or values, turned: panels of pairs along the dimension.
    let turned: Int
    /// Rows of pairs along the dimension.
    let rows: Int
    /// Pairs along the time, rows padded to whole vectors.
    let columns: Int
    /// Scores of a tile.
    let strip: Int

    init(time: Int, dimension: Int) {
        let padded = (dimension + 15) / 16 * 16, paddedTime = (time + 63) / 64 * 64
        turned = paddedTime * ((dimension + 1) / 2)
        rows = time * ((dimension + 1) / 2)
        columns = (time + 1) / 2 * padded
        strip = AttentionShape.queryTile * paddedTime
    }
}

/// The products of one head.
private struct PairsProducts {
    let kernels: UnsafePointer<lathe_pair_kernels>
    let shape: AttentionShape

    private var pairs: Int { (shape.dimension + 1) / 2 }

    /// The rows of one head, [T, D] with rows `stride` apart, as panels for products with them transposed.
    func turn(_ rows: Floats, stride: Int, _ out: MutableFloats) {
        for first in Swift.stride(from: 0, to: shape.time, by: shape.panel) {
            kernels.pointee.pack_pairs(
                rows + first * stride, 1, stride, out + first * pairs, shape.panel, shape.dimension,
                min(shape.panel, shape.time - first))
        }
    }

    /// The rows of one head in pairs along the dimension: [T, pairs].
    func round(_ rows: Floats, stride: Int, _ out: MutableFloats) {
        for t in 0..<shape.time { kernels.pointee.round_pairs(rows + t * stride, out + t * pairs, shape.dimension) }
    }

    /// The rows of one head in pairs along the time: [(T + 1) / 2, D padded].
    func pack(_ rows: Floats, stride: Int, _ out: MutableFloats) {
        kernels.pointee.pack_pairs(rows, stride, 1, out, shape.paddedDimension, shape.time, shape.dimension)
    }

    /// c [rows, keys] = rounded rows from `first` on times turned panels.
    func scores(_ a: Floats, first: Int, _ turned: Floats, _ c: MutableFloats, rows: Int, keys: Int) {
        for key in stride(from: 0, to: keys, by: shape.panel) {
            kernels.pointee.multiply_panel(
                a + first * pairs, pairs, 1, turned + key * pairs, shape.panel, nil, c + key, shape.paddedTime, rows,
                pairs, min(shape.panel, keys - key), 0)
        }
    }

    /// c [rows, D] = a strip [rows, keys] times what `pack` left; c's rows are `stride` apart.
    func multiply(
        _ strip: Floats, _ rounded: MutableFloats, _ packed: Floats, _ c: MutableFloats, stride: Int, rows: Int,
        keys: Int
    ) {
        let depth = (keys + 1) / 2
        for i in 0..<rows { kernels.pointee.round_pairs(strip + i * shape.paddedTime, rounded + i * depth, keys) }
        product(rounded, depth, packed, c, stride: stride, rows: rows, depth: depth, accumulate: false)
    }

    /// c [keys, D] (=|+=) a strip [rows, keys] transposed times rows `first` ... of what `pack` left.
    func multiplyTransposed(
        _ strip: Floats, _ rounded: MutableFloats, _ packed: Floats, first: Int, _ c: MutableFloats, stride: Int,
        rows: Int, keys: Int, accumulate: Bool
    ) {
        let depth = (rows + 1) / 2
        kernels.pointee.turn_pairs(strip, shape.paddedTime, rounded, depth, rows, keys)
        product(
            rounded, depth, packed + first / 2 * shape.paddedDimension, c, stride: stride, rows: keys, depth: depth,
            accumulate: accumulate)
    }

    private func product(
        _ a: Floats, _ rowStride: Int, _ packed: Floats, _ c: MutableFloats, stride: Int, rows: Int, depth: Int,
        accumulate: Bool
    ) {
        for column in Swift.stride(from: 0, to: shape.dimension, by: shape.panel) {
            kernels.pointee.multiply_panel(
                a, rowStride, 1, packed + column, shape.paddedDimension, nil, c + column, stride, rows, depth,
                min(shape.panel, shape.dimension - column), accumulate ? 1 : 0)
        }
    }
}

/// As `AttentionForward`.
struct AttentionForwardPairs: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let pairKernels: UnsafePointer<lathe_pair_kernels>
    let shape: AttentionShape
    let qkv: Floats, out: MutableFloats, logSumExp: MutableFloats, scratch: MutableFloats
    let dropout: CausalAttention.ProbabilityDropout?

    func run(_ slice: Int) {
        let d = shape.dimension, c = shape.width, t = shape.time, tile = AttentionShape.queryTile
        let layout = PairsLayout(time: t, dimension: d)
        let products = PairsProducts(kernels: pairKernels, shape: shape)
        let turned = scratch + slice * AttentionShape.lane(time: t, dimension: d, backward: false)
        let queries = turned + layout.turned, values = queries + layout.rows
        let strip = values + layout.columns, rounded = strip + layout.strip
        let scale = 1 / Float(d).squareRoot()
        for index in shape.cut.range(slice) {
            let b = index / shape.heads, h = index % shape.heads
            let q = qkv + b * t * 3 * c + h * d
            products.turn(q + c, stride: 3 * c, turned)
            products.pack(q + 2 * c, stride: 3 * c, values)
            products.round(q, stride: 3 * c, queries)
            for first in stride(from: 0, to: t, by: tile) {
                let rows = min(tile, t - first), keys = first + rows
                products.scores(queries, first: first, turned, strip, rows: rows, keys: keys)
                kernels.pointee.causal_softmax(
                    strip, shape.paddedTime, rows, first, keys, scale, logSumExp + index * t + first)
                if let dropout { shape.mask(kernels, dropout, strip, index: index, first: first, rows: rows) }
                products.multiply(
                    strip, rounded, values, out + (b * t + first) * c + h * d, stride: c, rows: rows, keys: keys)
            }
        }
    }
}

/// As `AttentionBackward`.
struct AttentionBackwardPairs: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let pairKernels: UnsafePointer<lathe_pair_kernels>
    let shape: AttentionShape
    let qkv: Floats, out: Floats, dOut: Floats, logSumExp: Floats, dQKV: MutableFloats, scratch: MutableFloats
    let dropout: CausalAttention.ProbabilityDropout?

    func run(_ slice: Int) {
        let d = shape.dimension, c = shape.width, t = shape.time, tile = AttentionShape.queryTile
        let layout = PairsLayout(time: t, dimension: d)
        let products = PairsProducts(kernels: pairKernels, shape: shape)
        let turnedKeys = scratch + slice * AttentionShape.lane(time: t, dimension: d, backward: true)
        let turnedValues = turnedKeys + layout.turned
        let queries = turnedValues + layout.turned, gradients = queries + layout.rows
        let packedQueries = gradients + layout.rows, packedKeys = packedQueries + layout.columns
        let packedGradients = packedKeys + layout.columns
        let p = packedGradients + layout.columns, dp = p + layout.strip
        let rounded = dp + layout.strip, deltas = rounded + 2 * layout.strip
        let scale = 1 / Float(d).squareRoot()
        for index in shape.cut.range(slice) {
            let b = index / shape.heads, h = index % shape.heads
            let q = qkv + b * t * 3 * c + h * d, k = q + c, v = k + c
            let g = dOut + b * t * c + h * d, o = out + b * t * c + h * d
            let dq = dQKV + b * t * 3 * c + h * d, dk = dq + c, dv = dk + c
            products.turn(k, stride: 3 * c, turnedKeys)
            products.turn(v, stride: 3 * c, turnedValues)
            products.round(q, stride: 3 * c, queries)
            products.round(g, stride: c, gradients)
            products.pack(q, stride: 3 * c, packedQueries)
            products.pack(k, stride: 3 * c, packedKeys)
            products.pack(g, stride: c, packedGradients)
            // The last tile sees all keys: its products overwrite what lies in dk and dv, those of the others add.
            for first in stride(from: (t - 1) / tile * tile, through: 0, by: -tile) {
                let rows = min(tile, t - first), keys = first + rows
                products.scores(queries, first: first, turnedKeys, p, rows: rows, keys: keys)
                products.scores(gradients, first: first, turnedValues, dp, rows: rows, keys: keys)
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
