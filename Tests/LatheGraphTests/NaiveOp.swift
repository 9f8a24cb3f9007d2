import LatheGraph

/// An op without its shortcuts: its output is kept instead of recomputed, its gradient copied instead of shared, and
/// its backward pass may read everything.
struct NaiveOp: Op {
    var base: any Op
    var name: String { base.name }
    var backwardReads: BackwardReads {
        BackwardReads(inputs: base.backwardReads.inputs, output: base.backwardReads.output)
    }
    func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { try base.outputShape(inputs) }
    func savedCount(_ inputs: [Shape]) -> Int { base.savedCount(inputs) }
    func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int {
        base.scratchCount(inputs, pass, isTraining: isTraining)
    }
    func forward(_ run: OpRun) { base.forward(run) }
    func backward(_ run: OpRun) { base.backward(run) }
}
