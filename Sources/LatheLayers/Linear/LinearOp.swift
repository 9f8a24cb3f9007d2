public import LatheGraph
import LatheKernels

/// `y = x · Wᵀ + b`: inputs x [… I], W [O, I] and, optionally, b [O]; output [… O].
public struct LinearOp: Op {
    /// Name of the output's last axis.
    public var axis: String

    public init(axis: String) { self.axis = axis }

    public var name: String { "linear" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        let x = inputs[0], weight = inputs[1]
        guard weight.rank == 2, x.width == weight[1] else {
            throw ShapeMismatch(op: name, "input \(x) does not fit weight \(weight): the last axes must be equal")
        }
        if inputs.count > 2, inputs[2].sizes != [weight[0]] {
            throw ShapeMismatch(op: name, "bias \(inputs[2]) does not fit weight \(weight)")
        }
        return x.replacingLast(Axis(axis, weight[0]))
    }

    /// x, for the weight's gradient, which is computed first.
    public var backwardReads: BackwardReads { BackwardReads(inputs: [0], inputsFirst: true) }

    /// 2 · rows · I · O
    public func operations(_ inputs: [Shape]) -> Double { 2 * Double(inputs[0].count) * Double(inputs[1][0]) }

    /// The bias is added in the same pass.
    public func forward(_ run: OpRun) {
        let x = run.inputShapes[0]
        Linear.forward(
            run.pool, x: run.input(0), weight: run.input(1), rounded: run.rounded(1),
            bias: run.inputShapes.count > 2 ? run.input(2) : nil, y: run.output, rows: x.rows, inputs: x.width,
            outputs: run.outputShape.width)
    }

    /// dW = dyᵀ · x, db = column sums of dy, dx = dy · W. dx comes last because it may overwrite x.
    public func backward(_ run: OpRun) {
        let x = run.inputShapes[0], outputs = run.outputShape.width
        if let dWeight = run.gradient(1) {
            Linear.backwardWeight(
                run.pool, dy: run.outputGradient, x: run.input(0), dWeight: dWeight, rows: x.rows, inputs: x.width,
                outputs: outputs,
                accumulate: run.accumulates(1))
        }
        if run.inputShapes.count > 2, let dBias = run.gradient(2) {
            Linear.backwardBias(
                run.pool, dy: run.outputGradient, dBias: dBias, rows: x.rows, outputs: outputs,
                accumulate: run.accumulates(2))
        }
        if let dx = run.gradient(0) {
            Linear.backwardInput(
                run.pool, dy: run.outputGradient, weight: run.input(1), dx: dx, rows: x.rows, inputs: x.width,
                outputs: outputs,
                accumulate: run.accumulates(0))
        }
    }
}

extension Linear {
    /// A linear layer with the parameters `name.weight` [O, I], which starts normal, and `name.bias` [O], which starts
    /// at zero.
    public static func apply(
        _ graph: Graph, _ name: String, _ x: Value, outputs: Axis, bias: Bool = true, deviation: Float
    ) throws(ShapeMismatch) -> Value {
        try graph.scope(name) { () throws(ShapeMismatch) in
            let weight = try graph.parameter(
                "weight", Shape(outputs, x.shape.axes[x.shape.rank - 1]), role: .matrix,
                initializer: .normal(deviation: deviation))
            let bias =
                bias ? try graph.parameter("bias", Shape(outputs), role: .vector, initializer: .constant(0)) : nil
            return try apply(graph, x, weight: weight, bias: bias, outputs: outputs.name)
        }
    }

    /// x times a weight that is already there, such as a tied one; `outputs` names the last axis.
    public static func apply(
        _ graph: Graph, _ x: Value, weight: Value, bias: Value?, outputs: String
    ) throws(ShapeMismatch) -> Value {
        try graph.apply(LinearOp(axis: outputs), [x, weight] + [bias].compactMap { $0 })
    }
}
