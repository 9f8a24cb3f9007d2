import LatheGraph
import LatheKernels

// N rows of width C.

/// y = gain x, with a gain for each column, which is learned. Touvron et al., "Going deeper with image transformers",
/// 2021.
///
/// A layer as a package elsewhere writes it: docs/layers.md goes through it.
enum LayerScale {
    /// The layer, with the parameter `name.gain` [C].
    static func apply(
        _ graph: Graph, _ name: String, _ x: Value, initialGain: Float
    ) throws(ShapeMismatch) -> Value {
        try graph.scope(name) { () throws(ShapeMismatch) in
            let gain = try graph.parameter(
                "gain", Shape(x.shape.axes[x.shape.rank - 1]), role: .vector, initializer: .constant(initialGain))
            return try graph.apply(LayerScaleOp(), x, gain)
        }
    }
}

struct LayerScaleOp: Op {
    var name: String { "layer_scale" }

    func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        guard inputs[1].sizes == [inputs[0].width] else {
            throw ShapeMismatch(op: name, "input \(inputs[0]) does not fit gain \(inputs[1])")
        }
        return inputs[0]
    }

    /// x, for the gain's gradient.
    var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }

    func forward(_ run: OpRun) {
        let x = run.inputShapes[0]
        let job = ScaleColumns(
            cut: Cut(x.rows, grain: max(1, 16384 / x.width)), x: run.input(0), gain: run.input(1), y: run.output,
            width: x.width, accumulates: false)
        run.pool.run(job, slices: job.cut.slices)
    }

    func backward(_ run: OpRun) {
        let x = run.inputShapes[0]
        if let gradient = run.gradient(1) {
            let job = ColumnProducts(
                cut: Cut(x.width, grain: 16), a: run.outputGradient, b: run.input(0), sums: gradient, rows: x.rows,
                width: x.width, accumulates: run.accumulates(1))
            run.pool.run(job, slices: job.cut.slices)
        }
        if let gradient = run.gradient(0) {
            let job = ScaleColumns(
                cut: Cut(x.rows, grain: max(1, 16384 / x.width)), x: run.outputGradient, gain: run.input(1),
                y: gradient, width: x.width, accumulates: run.accumulates(0))
            run.pool.run(job, slices: job.cut.slices)
        }
    }
}

/// y (=|+=) x times the gain of its column; a slice owns rows.
private struct ScaleColumns: SliceJob {
    let cut: Cut
    let x: Floats, gain: Floats, y: MutableFloats, width: Int, accumulates: Bool

    func run(_ slice: Int) {
        for row in cut.range(slice) {
            let x = x + row * width, y = y + row * width
            for column in 0..<width {
                y[column] = (accumulates ? y[column] : 0) + gain[column] * x[column]
            }
        }
    }
}

/// sums (=|+=) the sum of a b over the rows of each column; a slice owns columns, so that any number of threads adds in
/// the same order.
private struct ColumnProducts: SliceJob {
    let cut: Cut
    let a: Floats, b: Floats, sums: MutableFloats, rows: Int, width: Int, accumulates: Bool

    func run(_ slice: Int) {
        for column in cut.range(slice) {
            var sum: Float = 0
            for row in 0..<rows { sum += a[row * width + column] * b[row * width + column] }
            sums[column] = (accumulates ? sums[column] : 0) + sum
        }
    }
}
