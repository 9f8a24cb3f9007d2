/// A differentiable operation: a shape rule, a forward pass and a backward pass over preallocated buffers.
///
/// Ops are coarse (a linear map, a whole attention, a whole LSTM sequence) and have one output. They hold only their
/// settings, no data, and allocate nothing while they run.
public protocol Op: Sendable {
    /// Used in error messages and profiles: `layer_norm`.
    var name: String { get }
    /// - Throws: ``ShapeMismatch`` that names both shapes.
    func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape
    /// What the backward pass reads besides the output's gradient; kept until then.
    var backwardReads: BackwardReads { get }
    /// Whether the output is recomputed for the backward pass instead of kept, because the forward pass is cheap.
    var isCheap: Bool { get }
    /// Whether each input's gradient equals the output's, as for a sum, so that no buffer is needed.
    var passesGradientThrough: Bool { get }
    /// Whether the first input's gradient may overwrite the output's, element by element, if nothing else reads it.
    var differentiatesInPlace: Bool { get }
    /// Whether the op ends a training graph: its gradients are those of ``RunState/lossScale`` times the sum of its
    /// output, which need not be written before the backward pass.
    var isLoss: Bool { get }
    /// Floats that the forward pass saves for the backward pass.
    func savedCount(_ inputs: [Shape]) -> Int
    /// Floats of temporary memory that a pass needs.
    func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int
    /// Floating-point operations of one forward pass; a multiply-add counts as two.
    func operations(_ inputs: [Shape]) -> Double
    func forward(_ run: OpRun)
    func backward(_ run: OpRun)
}

public enum Pass: Sendable { case forward, backward }

/// What a backward pass reads besides gradients.
public struct BackwardReads: Sendable {
    /// Indices of the inputs that are read. Parameters and states are always available and need not be listed.
    public var inputs: [Int]
    public var output: Bool
    /// Whether the pass has finished reading these inputs before it writes the first gradient of a non-parameter input,
    /// which may then reuse their memory.
    public var inputsFirst: Bool

    public init(inputs: [Int] = [], output: Bool = false, inputsFirst: Bool = false) {
        self.inputs = inputs
        self.output = output
        self.inputsFirst = inputsFirst
    }
}

extension Op {
    public var isCheap: Bool { false }
    public var passesGradientThrough: Bool { false }
    public var differentiatesInPlace: Bool { false }
    public var isLoss: Bool { false }
    public func savedCount(_ inputs: [Shape]) -> Int { 0 }
    public func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int { 0 }
    /// Counted as zero: element-wise work is negligible beside the products.
    public func operations(_ inputs: [Shape]) -> Double { 0 }
}
