public import LatheGraph
import LatheKernels

/// The sum of two values of the same shape, as in a residual connection.
public struct AddOp: Op {
    public init() {}
    public var name: String { "add" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        guard inputs[0].sizes == inputs[1].sizes else {
            throw ShapeMismatch(op: name, "\(inputs[0]) and \(inputs[1]) must be equal")
        }
        return inputs[0]
    }

    public var backwardReads: BackwardReads { BackwardReads() }
    public var passesGradientThrough: Bool { true }

    public func forward(_ run: OpRun) {
        Elementwise.add(run.pool, a: run.input(0), b: run.input(1), y: run.output, count: run.outputShape.count)
    }

    /// Needed only for inputs that could not share the output's gradient buffer.
    public func backward(_ run: OpRun) {
        for index in 0..<2 {
            guard let gradient = run.gradient(index) else { continue }
            if run.accumulates(index) {
                Elementwise.accumulate(run.pool, x: run.outputGradient, y: gradient, count: run.outputShape.count)
            } else {
                Elementwise.copy(run.pool, x: run.outputGradient, y: gradient, count: run.outputShape.count)
            }
        }
    }
}

/// A residual connection (He et al., 2016).
public enum Residual {
    /// x + branch.
    public static func apply(_ graph: Graph, _ x: Value, _ branch: Value) throws(ShapeMismatch) -> Value {
        try graph.apply(AddOp(), x, branch)
    }
}
