public import LatheGraph
import LatheKernels

/// GELU in the tanh form of GPT-2 (Hendrycks and Gimpel, 2016): `y = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`.
public struct GeluOp: Op {
    public init() {}
    public var name: String { "gelu" }
    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { inputs[0] }
    public var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
    public var isCheap: Bool { true }
    /// Each element of the gradient depends only on the same element of the output's.
    public var differentiatesInPlace: Bool { true }

    public func forward(_ run: OpRun) {
        Gelu.forward(run.pool, x: run.input(0), y: run.output, count: run.outputShape.count)
    }

    public func backward(_ run: OpRun) {
        guard let dx = run.gradient(0) else { return }
        Gelu.backward(
            run.pool, x: run.input(0), dy: run.outputGradient, dx: dx, count: run.outputShape.count,
            accumulate: run.accumulates(0))
    }
}

extension Gelu {
    public static func apply(_ graph: Graph, _ x: Value) throws(ShapeMismatch) -> Value { try graph.apply(GeluOp(), x) }
}
