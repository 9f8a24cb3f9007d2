import LatheKernels

/// Dropout (Srivastava et al., 2014): each element is zero with the given probability, the others are divided by what is left. The mask is a function of
/// seed, step, op and the element's index in the whole batch: micro-batches see the mask of the batch.
public struct DropoutOp: Op {
    /// The chance of zero, below 1.
    public var probability: Float

    /// Zero with this probability.
    public init(probability: Float) { self.probability = probability }

    /// `dropout`
    public var name: String { "dropout" }
    /// The input's.
    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { inputs[0] }
    /// Nothing: the mask is computed again.
    public var backwardReads: BackwardReads { BackwardReads() }

    /// Draws the mask and applies it.
    public func forward(_ run: OpRun) {
        Dropout.forward(
            run.pool, x: run.input(0), y: run.output, count: run.outputShape.count, probability: probability,
            key: run.dropoutKey,
            firstElement: run.firstElement)
    }

    /// Applies the same mask.
    public func backward(_ run: OpRun) {
        guard let dx = run.gradient(0) else { return }
        Dropout.backward(
            run.pool, dy: run.outputGradient, dx: dx, count: run.outputShape.count, probability: probability,
            key: run.dropoutKey,
            firstElement: run.firstElement, accumulate: run.accumulates(0))
    }
}

extension OpRun {
    /// The key of this op's masks in this step.
    var dropoutKey: DropoutKey {
        DropoutKey(seed: state.seed, stream: stream, step: UInt32(truncatingIfNeeded: state.step))
    }
    /// The index in the whole batch of the output's first element.
    var firstElement: Int { state.firstRow * (outputShape.count / outputShape[0]) }
}

extension Graph {
    /// Dropout while training; the value itself otherwise.
    public func dropout(_ value: Value, probability: Float) throws(ShapeMismatch) -> Value {
        mode == .training && probability > 0 ? try apply(DropoutOp(probability: probability), value) : value
    }
}
