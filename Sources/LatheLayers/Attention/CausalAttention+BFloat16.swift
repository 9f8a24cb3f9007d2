import CKernels
import LatheKernels

/// The products of one head in bfloat16. Scores, probabilities and their gradients are fp32; each is rounded for the
/// product that uses it. A tile starts at an even position, so a pair along the time never spans two tiles.
struct PairsHeadProducts: HeadProducts {
    let kernels: UnsafePointer<lathe_pair_kernels>
    let shape: AttentionShape

    /// Pairs along the dimension.
    private var pairs: Int { (shape.dimension + 1) / 2 }

    static func layout(time: Int, dimension: Int) -> HeadLayout {
        let paddedTime = AttentionShape.padded(time, 64), strip = AttentionShape.queryTile * paddedTime
        return HeadLayout(
            turned: paddedTime * ((dimension + 1) / 2), left: time * ((dimension + 1) / 2),
            packed: (time + 1) / 2 * AttentionShape.padded(dimension, 16), strip: strip, rounded: (strip, 2 * strip))
    }

    func turn(_ rows: Floats, stride: Int, _ out: MutableFloats) {
        for first in Swift.stride(from: 0, to: shape.time, by: shape.panel) {
            kernels.pointee.pack_pairs(
                rows + first * stride, 1, stride, out + first * pairs, shape.panel, shape.dimension,
                min(shape.panel, shape.time - first))
        }
    }

    /// In pairs along the dimension: [T, pairs].
    func left(_ rows: Floats, stride: Int, _ room: MutableFloats) -> HeadRows {
        for t in 0..<shape.time { kernels.pointee.round_pairs(rows + t * stride, room + t * pairs, shape.dimension) }
        return HeadRows(start: room, stride: pairs)
    }

    /// In pairs along the time: [(T + 1) / 2, D padded].
    func pack(_ rows: Floats, stride: Int, _ out: MutableFloats) {
        kernels.pointee.pack_pairs(rows, stride, 1, out, shape.paddedDimension, shape.time, shape.dimension)
    }

    func scores(_ a: HeadRows, _ turned: Floats, _ c: MutableFloats, rows: Int, keys: Int) {
        for first in stride(from: 0, to: keys, by: shape.panel) {
            kernels.pointee.multiply_panel(
                a.start, a.stride, 1, turned + first * pairs, shape.panel, nil, c + first, shape.paddedTime, rows,
                pairs, min(shape.panel, keys - first), 0)
        }
    }

    func multiply(
        _ strip: Floats, _ rounded: MutableFloats, _ packed: Floats, _ c: MutableFloats, stride: Int, rows: Int,
        keys: Int
    ) {
        let depth = (keys + 1) / 2
        for i in 0..<rows { kernels.pointee.round_pairs(strip + i * shape.paddedTime, rounded + i * depth, keys) }
        product(rounded, packed, c, stride: stride, rows: rows, depth: depth, accumulate: false)
    }

    func multiplyTransposed(
        _ strip: Floats, _ rounded: MutableFloats, _ packed: Floats, first: Int, _ c: MutableFloats, stride: Int,
        rows: Int, keys: Int, accumulate: Bool
    ) {
        let depth = (rows + 1) / 2
        kernels.pointee.turn_pairs(strip, shape.paddedTime, rounded, depth, rows, keys)
        product(
            rounded, packed + first / 2 * shape.paddedDimension, c, stride: stride, rows: keys, depth: depth,
            accumulate: accumulate)
    }

    private func product(
        _ a: Floats, _ packed: Floats, _ c: MutableFloats, stride: Int, rows: Int, depth: Int, accumulate: Bool
    ) {
        for first in Swift.stride(from: 0, to: shape.dimension, by: shape.panel) {
            kernels.pointee.multiply_panel(
                a, depth, 1, packed + first, shape.paddedDimension, nil, c + first, stride, rows, depth,
                min(shape.panel, shape.dimension - first), accumulate ? 1 : 0)
        }
    }
}
