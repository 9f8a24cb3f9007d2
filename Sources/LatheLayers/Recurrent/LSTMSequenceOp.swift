public import LatheGraph
import LatheKernels

/// One LSTM layer over a whole sequence (Hochreiter and Schmidhuber, 1997; gates in PyTorch's order i, f, g, o): inputs
/// x [B, T, I], W_x [4H, I], W_h [4H, H], b [4H] and the states h and c [B, H]; output h of every step [B, T, H].
///
/// The states are read as the initial state and overwritten with the final one; no gradient flows into them.
public struct LSTMSequenceOp: Op {
    /// Whether each run starts from the stored states instead of zero.
    public var carriesState: Bool

    public init(carriesState: Bool) { self.carriesState = carriesState }

    public var name: String { "lstm" }

    public func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape {
        let x = inputs[0], weightInput = inputs[1], weightHidden = inputs[2], hidden = weightHidden[1]
        guard x.rank == 3, weightInput.sizes == [4 * hidden, x[2]], weightHidden.sizes == [4 * hidden, hidden] else {
            throw ShapeMismatch(
                op: name,
                "input \(x), input weight \(weightInput) and hidden weight \(weightHidden) do not fit: "
                    + "the weights must be [4H, I] and [4H, H]"
            )
        }
        guard inputs[3].sizes == [4 * hidden] else {
            throw ShapeMismatch(op: name, "bias \(inputs[3]) does not fit hidden weight \(weightHidden)")
        }
        for state in inputs[4...] where state.sizes != [x[0], hidden] {
            throw ShapeMismatch(op: name, "state \(state) does not fit input \(x) and \(hidden) hidden units")
        }
        return x.replacingLast(Axis("hidden", hidden))
    }

    public var backwardReads: BackwardReads { BackwardReads(inputs: [0], output: true) }

    private func dimensions(_ inputs: [Shape]) -> (batch: Int, time: Int, inputs: Int, hidden: Int) {
        (inputs[0][0], inputs[0][1], inputs[0][2], inputs[2][1])
    }

    /// Gates, cells and initial states.
    public func savedCount(_ inputs: [Shape]) -> Int {
        let d = dimensions(inputs)
        return LSTMSequence.savedCount(batch: d.batch, time: d.time, inputs: d.inputs, hidden: d.hidden)
    }

    public func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int {
        let d = dimensions(inputs)
        return switch pass {
        case .forward:
            LSTMSequence.forwardScratch(
                batch: d.batch, time: d.time, inputs: d.inputs, hidden: d.hidden, saved: isTraining)
        case .backward: LSTMSequence.backwardScratch(batch: d.batch, time: d.time, inputs: d.inputs, hidden: d.hidden)
        }
    }

    /// 2 · B · T · 4H · (I + H)
    public func operations(_ inputs: [Shape]) -> Double {
        let d = dimensions(inputs)
        return 8 * Double(d.batch * d.time) * Double(d.hidden) * Double(d.inputs + d.hidden)
    }

    /// One input product for all steps, then step by step.
    public func forward(_ run: OpRun) {
        let d = dimensions(run.inputShapes), stateCount = d.batch * d.hidden
        if !carriesState {
            run.input(4).update(repeating: 0, count: stateCount)
            run.input(5).update(repeating: 0, count: stateCount)
        }
        let rounded = run.rounded(1).flatMap { input in run.rounded(2).map { (input, $0) } }
        LSTMSequence.forward(
            run.pool, x: run.input(0), weightInput: run.input(1), weightHidden: run.input(2), rounded: rounded,
            bias: run.input(3),
            hState: run.input(4), cState: run.input(5), y: run.output, saved: run.isTraining ? run.saved : nil,
            scratch: run.scratch,
            batch: d.batch, time: d.time, inputs: d.inputs, hidden: d.hidden)
    }

    /// Back through time, then one weight product for all steps.
    public func backward(_ run: OpRun) {
        let d = dimensions(run.inputShapes)
        guard let dWeightInput = run.gradient(1), let dWeightHidden = run.gradient(2) else { return }
        LSTMSequence.backward(
            run.pool, x: run.input(0), weightInput: run.input(1), weightHidden: run.input(2), y: run.output,
            dy: run.outputGradient, saved: run.saved, dx: run.gradient(0), accumulateInput: run.accumulates(0),
            dWeightInput: dWeightInput, dWeightHidden: dWeightHidden, dBias: run.gradient(3),
            accumulateParameters: run.accumulates(1..<4), scratch: run.scratch,
            batch: d.batch, time: d.time, inputs: d.inputs, hidden: d.hidden)
    }
}

extension LSTMSequence {
    /// A layer over x [B, T, I], with the parameters `input.weight` [4H, I] and `hidden.weight` [4H, H], which start
    /// uniform within 1 / sqrt(H), and `bias` [4H], which starts at zero but for the forget gate. The states `h` and
    /// `c`
    /// carry over if `carriesState`, and always in generation.
    public static func apply(
        _ graph: Graph, _ x: Value, hidden: Axis, forgetGateBias: Float, carriesState: Bool
    ) throws(ShapeMismatch) -> Value {
        let gates = Axis("4 x \(hidden.name)", 4 * hidden.size)
        let bound = Initializer.uniform(bound: 1 / Float(hidden.size).squareRoot())
        let weightInput = try graph.parameter(
            "input.weight", Shape(gates, x.shape.axes[2]), role: .matrix, initializer: bound)
        let weightHidden = try graph.parameter("hidden.weight", Shape(gates, hidden), role: .matrix, initializer: bound)
        let bias = try graph.parameter(
            "bias", Shape(gates), role: .vector,
            initializer: .parts([.constant(0), .constant(forgetGateBias), .constant(0), .constant(0)]))
        let state = Shape(x.shape.axes[0], hidden)
        return try graph.apply(
            LSTMSequenceOp(carriesState: carriesState || graph.mode == .generation), x, weightInput, weightHidden, bias,
            graph.state("h", state), graph.state("c", state))
    }
}
