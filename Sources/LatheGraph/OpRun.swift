public import LatheKernels

/// The values that change from one run of a program to the next.
public struct RunState: Sendable {
    /// Used by dropout.
    public var seed: UInt64
    /// The optimizer step, counted from 0; used by dropout.
    public var step: Int
    /// Index in the whole batch of the first sequence of this micro-batch: inputs, states and dropout masks start
    /// there.
    public var firstRow: Int
    /// The position of the first token in its sequence; above 0 only in generation.
    public var position: Int
    /// Factor on each token's nats before differentiation: 1 / the batch's predicted tokens gives the mean.
    public var lossScale: Float
    /// Whether parameter gradients are added to those of the earlier micro-batches.
    public var accumulatesParameters: Bool

    /// Defaults to the first micro-batch of step 0.
    public init(
        seed: UInt64 = 0, step: Int = 0, firstRow: Int = 0, position: Int = 0, lossScale: Float = 1,
        accumulatesParameters: Bool = false
    ) {
        self.seed = seed
        self.step = step
        self.firstRow = firstRow
        self.position = position
        self.lossScale = lossScale
        self.accumulatesParameters = accumulatesParameters
    }
}

/// The buffers of one op in one pass, set up before the first run.
public struct OpRun {
    struct Operand {
        var values: UnsafeMutableRawPointer
        /// Elements per sequence for inputs and states, whose buffers hold the whole batch; 0 for everything else.
        var rowStride = 0
        var gradient: UnsafeMutablePointer<Float>?
        var accumulates = false
        var isParameter = false
        var rounded: UnsafePointer<Float>?
    }

    public let pool: ThreadPool
    public let inputShapes: [Shape]
    public let outputShape: Shape
    /// Unique to this op in the graph, so that two ops have different dropout masks.
    public let stream: UInt32
    public let output: UnsafeMutablePointer<Float>
    /// Undefined in a forward pass.
    public let outputGradient: UnsafeMutablePointer<Float>
    /// Written by the forward pass for the backward pass.
    public let saved: UnsafeMutablePointer<Float>
    /// Temporary memory for this pass.
    public let scratch: UnsafeMutablePointer<Float>
    /// Whether a backward pass follows: false in evaluation and generation.
    public let isTraining: Bool
    let operands: [Operand]
    let stateOfRun: UnsafePointer<RunState>

    public var state: RunState { stateOfRun.pointee }

    public func input(_ index: Int) -> UnsafeMutablePointer<Float> {
        let operand = operands[index]
        return operand.values.assumingMemoryBound(to: Float.self) + operand.rowStride * stateOfRun.pointee.firstRow
    }

    /// A parameter in bfloat16, two numbers per float; nil if the program was given none.
    public func rounded(_ index: Int) -> UnsafePointer<Float>? { operands[index].rounded }

    public func ids(_ index: Int) -> UnsafeMutablePointer<Int32> {
        let operand = operands[index]
        return operand.values.assumingMemoryBound(to: Int32.self) + operand.rowStride * stateOfRun.pointee.firstRow
    }

    /// Where to write the gradient of an input; nil if it is not needed.
    public func gradient(_ index: Int) -> UnsafeMutablePointer<Float>? { operands[index].gradient }

    /// Whether the gradient of an input is added to the buffer instead of overwriting it.
    public func accumulates(_ index: Int) -> Bool {
        let operand = operands[index]
        return operand.accumulates || (operand.isParameter && stateOfRun.pointee.accumulatesParameters)
    }

    /// Whether the gradients of several inputs, written by one kernel, are added to their buffers. If that holds for
    /// only some of them, as for a weight that two layers share and a bias that they do not, the others are zeroed
    /// first.
    public func accumulates(_ indices: Range<Int>) -> Bool {
        guard indices.contains(where: { accumulates($0) }) else { return false }
        for index in indices where !accumulates(index) {
            gradient(index)?.update(repeating: 0, count: inputShapes[index].count)
        }
        return true
    }
}
