import LatheKernels

/// GELU in the tanh form that GPT-2 uses (Hendrycks and Gimpel, 2016): `y = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`.
public struct GeluOp: Op {
    /// The only form there is.
    public init() {}
    /// `gelu`
    public var name: String { "gelu" }
    /// The input's.
    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { inputs[0] }
    /// x.
    public var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
    /// One pass over memory.
    public var isCheap: Bool { true }
    /// An element of the gradient needs its own only.
    public var differentiatesInPlace: Bool { true }

    /// Element by element.
    public func forward(_ run: OpRun) {
        Gelu.forward(run.pool, x: run.input(0), y: run.output, count: run.outputShape.count)
    }

    /// Element by element.
    public func backward(_ run: OpRun) {
        guard let dx = run.gradient(0) else { return }
        Gelu.backward(
            run.pool, x: run.input(0), dy: run.outputGradient, dx: dx, count: run.outputShape.count,
            accumulate: run.accumulates(0))
    }
}
