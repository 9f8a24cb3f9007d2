public import LatheGraph
import LatheKernels

/// Looks up rows of a table: inputs ids [B, T] and table [V, C]; output [B, T, C].
public struct TokenEmbeddingOp: Op {
    public init() {}
    public var name: String { "embedding" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        guard inputs[1].rank == 2 else { throw ShapeMismatch(op: name, "table \(inputs[1]) must have two axes") }
        return Shape(inputs[0].axes + [inputs[1].axes[1]])
    }

    /// Only the ids, which are always available.
    public var backwardReads: BackwardReads { BackwardReads() }

    public func forward(_ run: OpRun) {
        Embedding.forward(
            run.pool, ids: run.ids(0), table: run.input(1), y: run.output, rows: run.inputShapes[0].count,
            width: run.outputShape.width)
    }

    public func backward(_ run: OpRun) {
        guard let dTable = run.gradient(1) else { return }
        Embedding.backward(
            run.pool, ids: run.ids(0), dy: run.outputGradient, dTable: dTable, rows: run.inputShapes[0].count,
            width: run.outputShape.width, vocabulary: run.inputShapes[1][0], accumulate: run.accumulates(1))
    }
}

/// Adds learned position embeddings: inputs x [B, T, C] and table [positions, C]. The first token is at
/// ``RunState/position``.
public struct PositionEmbeddingOp: Op {
    public init() {}
    public var name: String { "position_embedding" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        let x = inputs[0], table = inputs[1]
        guard x.rank == 3, table.rank == 2, x[2] == table[1], x[1] <= table[0] else {
            throw ShapeMismatch(
                op: name, "input \(x) does not fit the table \(table): equal widths, no more time than positions")
        }
        return x
    }

    public var backwardReads: BackwardReads { BackwardReads() }
    /// False: the table needs its own gradient.
    public var passesGradientThrough: Bool { false }

    public func forward(_ run: OpRun) {
        let x = run.inputShapes[0]
        Elementwise.copy(run.pool, x: run.input(0), y: run.output, count: x.count)
        Embedding.forwardPositions(
            run.pool, table: run.input(1), y: run.output, batch: x[0], time: x[1], width: x[2],
            firstPosition: run.state.position)
    }

    /// The table's gradient sums over the batch; the input's is the output's.
    public func backward(_ run: OpRun) {
        let x = run.inputShapes[0]
        if let dTable = run.gradient(1) {
            Embedding.backwardPositions(
                run.pool, dy: run.outputGradient, dTable: dTable, batch: x[0], time: x[1], width: x[2],
                firstPosition: run.state.position,
                accumulate: run.accumulates(1), tableRows: run.inputShapes[1][0])
        }
        guard let dx = run.gradient(0) else { return }
        if run.accumulates(0) {
            Elementwise.accumulate(run.pool, x: run.outputGradient, y: dx, count: x.count)
        } else {
            Elementwise.copy(run.pool, x: run.outputGradient, y: dx, count: x.count)
        }
    }
}

extension Embedding {
    /// Embeds ids by the parameter `name.weight` [entries, C], which starts normal.
    ///
    /// - Returns: the embedded ids [B, T, C], and the table, which a head may share.
    public static func apply(
        _ graph: Graph, _ name: String, _ ids: Value, entries: Axis, width: Axis, deviation: Float
    ) throws(ShapeMismatch) -> (embedded: Value, table: Value) {
        try graph.scope(name) { () throws(ShapeMismatch) in
            let table = try table(graph, entries, width, deviation)
            return (try graph.apply(TokenEmbeddingOp(), ids, table), table)
        }
    }

    /// Adds to x [B, T, C] what is learned for each position: the parameter `name.weight` [positions, C].
    public static func applyPositions(
        _ graph: Graph, _ name: String, _ x: Value, positions: Axis, deviation: Float
    ) throws(ShapeMismatch) -> Value {
        try graph.scope(name) { () throws(ShapeMismatch) in
            try graph.apply(PositionEmbeddingOp(), x, try table(graph, positions, x.shape.axes[2], deviation))
        }
    }

    private static func table(
        _ graph: Graph, _ entries: Axis, _ width: Axis, _ deviation: Float
    ) throws(ShapeMismatch) -> Value {
        try graph.parameter(
            "weight", Shape(entries, width), role: .embedding, initializer: .normal(deviation: deviation))
    }
}
