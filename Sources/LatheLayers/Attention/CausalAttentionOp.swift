public import LatheGraph
import LatheKernels

/// Multi-head causal self-attention (Vaswani et al., 2017): input q, k and v side by side [B, T, 3C], output [B, T, C].
/// Each position attends to itself and to earlier ones. The full matrix of attention weights is never stored.
public struct CausalAttentionOp: Op {
    /// Must divide C.
    public var headCount: Int
    /// Dropout probability of attention weights.
    public var dropout: Float

    public init(headCount: Int, dropout: Float) {
        self.headCount = headCount
        self.dropout = dropout
    }

    public var name: String { "attention" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        try attentionShape(inputs[0], headCount: headCount, op: name)
    }

    /// q, k, v and the output: attention weights are recomputed.
    public var backwardReads: BackwardReads { BackwardReads(inputs: [0], output: true) }
    /// The log-sum-exp of each query [B, H, T].
    public func savedCount(_ inputs: [Shape]) -> Int { inputs[0][0] * headCount * inputs[0][1] }

    public func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int {
        let (batch, time, head) = (inputs[0][0], inputs[0][1], inputs[0][2] / 3 / headCount)
        return switch pass {
        case .forward:
            savedCount(inputs)
                + CausalAttention.forwardScratch(batch: batch, time: time, heads: headCount, headDimension: head)
        case .backward: CausalAttention.backwardScratch(batch: batch, time: time, heads: headCount, headDimension: head)
        }
    }

    /// Two products over the causal half: 2 · T² · C per sequence.
    public func operations(_ inputs: [Shape]) -> Double {
        2 * Double(inputs[0][0]) * Double(inputs[0][1]) * Double(inputs[0][1] + 1) * Double(inputs[0][2] / 3)
    }

    public func forward(_ run: OpRun) {
        let x = run.inputShapes[0], width = x[2] / 3
        let sums = run.isTraining ? run.saved : run.scratch
        CausalAttention.forward(
            run.pool, qkv: run.input(0), out: run.output, logSumExp: sums,
            scratch: run.scratch + savedCount(run.inputShapes), batch: x[0], time: x[1], heads: headCount,
            headDimension: width / headCount, dropout: mask(run))
    }

    public func backward(_ run: OpRun) {
        guard let gradient = run.gradient(0) else { return }
        precondition(!run.accumulates(0), "attention is the only reader of its input")
        let x = run.inputShapes[0], width = x[2] / 3
        CausalAttention.backward(
            run.pool, qkv: run.input(0), out: run.output, dOut: run.outputGradient, logSumExp: run.saved,
            dQKV: gradient, scratch: run.scratch, batch: x[0], time: x[1],
            heads: headCount, headDimension: width / headCount, dropout: mask(run))
    }

    private func mask(_ run: OpRun) -> CausalAttention.ProbabilityDropout? {
        run.isTraining && dropout > 0
            ? CausalAttention.ProbabilityDropout(
                probability: dropout, key: run.dropoutKey, firstRow: run.state.firstRow) : nil
    }
}

/// Causal self-attention of a few new positions to all earlier ones, with cached keys and values: inputs [B, T, 3C] and
/// the two caches [B, H, capacity, D]; output [B, T, C]. Generation only.
public struct CachedAttentionOp: Op {
    /// Must divide C.
    public var headCount: Int

    public init(headCount: Int) { self.headCount = headCount }

    public var name: String { "cached_attention" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        let shape = try attentionShape(inputs[0], headCount: headCount, op: name)
        let cache = [shape[0], headCount, inputs[1][2], shape[2] / headCount]
        for input in inputs.dropFirst() where input.sizes != cache {
            throw ShapeMismatch(op: name, "cache \(input) does not fit input \(inputs[0]) with \(headCount) heads")
        }
        return shape
    }

    public var backwardReads: BackwardReads { BackwardReads() }

    public func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int {
        CausalAttention.cachedScratch(
            batch: inputs[0][0], heads: headCount, capacity: inputs[1][2])
    }

    public func forward(_ run: OpRun) {
        let x = run.inputShapes[0]
        CausalAttention.forwardCached(
            run.pool, qkv: run.input(0), keyCache: run.input(1), valueCache: run.input(2), out: run.output,
            scratch: run.scratch, batch: x[0],
            time: x[1], heads: headCount, headDimension: x[2] / 3 / headCount, capacity: run.inputShapes[1][2],
            position: run.state.position)
    }

    public func backward(_ run: OpRun) { preconditionFailure("cached attention is for generation") }
}

private func attentionShape(_ input: Shape, headCount: Int, op: String) throws(ShapeMismatch) -> Shape {
    guard input.rank == 3, input[2] % 3 == 0, (input[2] / 3) % headCount == 0 else {
        throw ShapeMismatch(
            op: op, "input \(input) must be [batch, time, 3 x width] with a width that \(headCount) heads divide")
    }
    return input.replacingLast(Axis("width", input[2] / 3))
}

extension CausalAttention {
    /// Attention over q, k and v side by side [B, T, 3C]; output [B, T, C]. In generation, the states `keys` and
    /// `values` hold the `context` positions that came before.
    ///
    /// - Parameter dropout: on attention weights, in training.
    public static func apply(
        _ graph: Graph, _ qkv: Value, heads: Int, context: Int, dropout: Float
    ) throws(ShapeMismatch) -> Value {
        guard graph.mode == .generation else {
            return try graph.apply(CausalAttentionOp(headCount: heads, dropout: dropout), qkv)
        }
        let cache = Shape(
            qkv.shape.axes[0], Axis("head", heads), Axis("position", context),
            Axis("head width", max(1, qkv.shape.width / 3 / heads)))
        return try graph.apply(
            CachedAttentionOp(headCount: heads), qkv, graph.state("keys", cache), graph.state("values", cache))
    }
}
