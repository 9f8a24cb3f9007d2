public import LatheGraph
import LatheKernels

/// Layer normalisation over the last axis (Ba et al., 2016): `y = (x - mean) / sqrt(variance + ε) · w + b`; inputs x […
/// C], w [C] and, optionally, b [C].
public struct LayerNormOp: Op {
    /// ε, added to the variance.
    public var epsilon: Float

    /// The default ε is that of PyTorch and GPT-2.
    public init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

    public var name: String { "layer_norm" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        for gain in inputs.dropFirst() where gain.sizes != [inputs[0].width] {
            throw ShapeMismatch(op: name, "input \(inputs[0]) does not fit weight or bias \(gain)")
        }
        return inputs[0]
    }

    /// The normalised values are recomputed from x.
    public var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
    public var isCheap: Bool { true }
    /// Mean and reciprocal standard deviation of each row.
    public func savedCount(_ inputs: [Shape]) -> Int { 2 * inputs[0].rows }

    /// Partial sums of the parameter gradients.
    public func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int {
        switch pass {
        case .forward: 2 * inputs[0].rows
        case .backward: LayerNorm.backwardScratch(rows: inputs[0].rows, width: inputs[0].width)
        }
    }

    public func forward(_ run: OpRun) {
        let x = run.inputShapes[0]
        let moments = run.isTraining ? run.saved : run.scratch
        LayerNorm.forward(
            run.pool, x: run.input(0), weight: run.input(1), bias: run.inputShapes.count > 2 ? run.input(2) : nil,
            y: run.output,
            mean: moments, rstd: moments + x.rows, rows: x.rows, width: x.width, epsilon: epsilon)
    }

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

extension LayerNorm {
    /// Normalises the last axis, with the parameters `name.weight`, which starts at one, and `name.bias`, at zero.
    public static func apply(
        _ graph: Graph, _ name: String, _ x: Value, bias: Bool = true
    ) throws(ShapeMismatch) -> Value {
        try graph.scope(name) { () throws(ShapeMismatch) in
            let width = Shape(x.shape.axes[x.shape.rank - 1])
            let weight = try graph.parameter("weight", width, role: .vector, initializer: .constant(1))
            guard bias else { return try graph.apply(LayerNormOp(), x, weight) }
            return try graph.apply(
                LayerNormOp(), x, weight, try graph.parameter("bias", width, role: .vector, initializer: .constant(0)))
        }
    }
}
