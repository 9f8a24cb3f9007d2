public import LatheGraph
import LatheKernels

/// Dropout (Srivastava et al., 2014): each element is zeroed with the given probability p, the others are scaled by 1 /
/// (1 - p). The mask is a function of seed, step, op and the element's index in the whole batch, so it does not depend
/// on the micro-batch size.
public struct DropoutOp: Op {
    /// In 0 ..< 1.
    public var probability: Float

    public init(probability: Float) { self.probability = probability }

    public var name: String { "dropout" }
    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { inputs[0] }
    /// Nothing: the mask is recomputed.
    public var backwardReads: BackwardReads { BackwardReads() }

    public func forward(_ run: OpRun) {
        Dropout.forward(
            run.pool, x: run.input(0), y: run.output, count: run.outputShape.count, probability: probability,
            key: run.dropoutKey,
            firstElement: run.firstElement)
    }

    public func backward(_ run: OpRun) {
        guard let dx = run.gradient(0) else { return }
        Dropout.backward(
            run.pool, dy: run.outputGradient, dx: dx, count: run.outputShape.count, probability: probability,
            key: run.dropoutKey,
            firstElement: run.firstElement, accumulate: run.accumulates(0))
    }
}

extension OpRun {
    var dropoutKey: DropoutKey {
        DropoutKey(seed: state.seed, stream: stream, step: UInt32(truncatingIfNeeded: state.step))
    }
    /// Index in the whole batch of the output's first element.
    var firstElement: Int { state.firstRow * (outputShape.count / outputShape[0]) }
}

extension Dropout {
    /// In training only; otherwise `x` itself.
    public static func apply(_ graph: Graph, _ x: Value, probability: Float) throws(ShapeMismatch) -> Value {
        graph.mode == .training && probability > 0 ? try graph.apply(DropoutOp(probability: probability), x) : x
    }
}
