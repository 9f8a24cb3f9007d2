import LatheKernels

/// Layer normalisation over the last axis (Ba et al., 2016): `y = (x - mean) / sqrt(variance + ε) · w + b`; inputs x [… C], w [C] and,
/// optionally, b [C].
public struct LayerNormOp: Op {
    /// ε, added to the variance.
    public var epsilon: Float

    /// PyTorch's and GPT-2's ε by default.
    public init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

    /// `layer_norm`
    public var name: String { "layer_norm" }

    /// The input's.
    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        for gain in inputs.dropFirst() where gain.sizes != [inputs[0].width] {
            throw ShapeMismatch(op: name, "input \(inputs[0]) does not fit weight or bias \(gain)")
        }
        return inputs[0]
    }

    /// x; the normalised values are computed again from it.
    public var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
    /// One pass over memory.
    public var isCheap: Bool { true }
    /// Mean and reciprocal deviation of each row.
    public func savedCount(_ inputs: [Shape]) -> Int { 2 * inputs[0].rows }

    /// What partial sums of the parameters' gradients need.
    public func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int {
        switch pass {
        case .forward: 2 * inputs[0].rows
        case .backward: LayerNorm.backwardScratch(rows: inputs[0].rows, width: inputs[0].width)
        }
    }

    /// Normalises each row.
    public func forward(_ run: OpRun) {
        let x = run.inputShapes[0]
        let moments = run.isTraining ? run.saved : run.scratch
        LayerNorm.forward(
            run.pool, x: run.input(0), weight: run.input(1), bias: run.inputShapes.count > 2 ? run.input(2) : nil,
            y: run.output,
            mean: moments, rstd: moments + x.rows, rows: x.rows, width: x.width, epsilon: epsilon)
    }

    /// All three gradients in one visit.
    public func backward(_ run: OpRun) {
        let x = run.inputShapes[0]
        guard let dx = run.gradient(0), let dWeight = run.gradient(1) else { return }
        LayerNorm.backward(
            run.pool, dy: run.outputGradient, x: run.input(0), weight: run.input(1), mean: run.saved,
            rstd: run.saved + x.rows,
            dx: dx, accumulateInput: run.accumulates(0), dWeight: dWeight,
            dBias: run.inputShapes.count > 2 ? run.gradient(2) : nil,
            accumulateParameters: run.accumulates(1..<run.inputShapes.count), scratch: run.scratch, rows: x.rows,
            width: x.width)
    }
}
