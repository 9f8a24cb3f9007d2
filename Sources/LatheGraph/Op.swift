/// A differentiable operation: a shape rule, a forward pass and a backward pass over prepared buffers.
///
/// Ops are coarse (a linear map, a whole attention, a whole LSTM sequence) and give one output. They hold their settings only, never numbers, and
/// allocate nothing while they run.
public protocol Op: Sendable {
    /// Its name in error messages and profiles: `layer_norm`.
    var name: String { get }
    /// The output's shape.
    ///
    /// - Throws: ``ShapeMismatch`` that names both shapes.
    func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape
    /// What the backward pass reads besides the output's gradient: it is kept until then.
    var backwardReads: BackwardReads { get }
    /// Whether the forward pass is so cheap that its output is computed once more for the backward pass rather than kept.
    var isCheap: Bool { get }
    /// Whether each input's gradient is simply the output's, as that of a sum: no buffer is needed then.
    var passesGradientThrough: Bool { get }
    /// Whether the first input's gradient may be written over the output's, element by element, where nobody else needs that.
    var differentiatesInPlace: Bool { get }
    /// Floats that the forward pass leaves for the backward pass.
    func savedCount(_ inputs: [Shape]) -> Int
    /// Floats needed while a pass runs.
    func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int
    /// Floating-point operations of one forward pass: a multiply-add is two.
    func operations(_ inputs: [Shape]) -> Double
    /// Computes the output.
    func forward(_ run: OpRun)
    /// Computes the inputs' gradients from the output's.
    func backward(_ run: OpRun)
}

/// Forward or backward.
public enum Pass: Sendable { case forward, backward }

/// What a backward pass reads besides gradients.
public struct BackwardReads: Sendable {
    /// The indices of the inputs that are read; parameters and states need not be named.
    public var inputs: [Int]
    /// Whether the output is read.
    public var output: Bool
    /// Whether it is done with these inputs before it writes the first gradient of an input other than a parameter, which may then lie where they did.
    public var inputsFirst: Bool

    /// Reads the given inputs, and the output or not.
    public init(inputs: [Int] = [], output: Bool = false, inputsFirst: Bool = false) {
        self.inputs = inputs
        self.output = output
        self.inputsFirst = inputsFirst
    }
}

extension Op {
    /// Kept, not computed again.
    public var isCheap: Bool { false }
    /// Computed by the backward pass.
    public var passesGradientThrough: Bool { false }
    /// Beside it.
    public var differentiatesInPlace: Bool { false }
    /// Nothing.
    public func savedCount(_ inputs: [Shape]) -> Int { 0 }
    /// Nothing.
    public func scratchCount(_ inputs: [Shape], _ pass: Pass, isTraining: Bool) -> Int { 0 }
    /// Counted as none: element-wise work is small beside the products.
    public func operations(_ inputs: [Shape]) -> Double { 0 }
}
