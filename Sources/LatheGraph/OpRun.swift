public import LatheKernels

/// What changes from run to run of a program.
public struct RunState: Sendable {
    /// The run's seed: dropout depends on it.
    public var seed: UInt64
    /// The optimizer step, from 0: dropout depends on it.
    public var step: Int
    /// The first sequence of this micro-batch in the whole batch: inputs, states and dropout masks begin there.
    public var firstRow: Int
    /// The position of the first token in its sequence; above 0 only in generation.
    public var position: Int
    /// What each token's nats are multiplied with before they are differentiated: 1 / the batch's predicted tokens, for a mean.
    public var lossScale: Float
    /// Whether parameter gradients are added to those of the micro-batches before.
    public var accumulatesParameters: Bool

    /// The first micro-batch of step 0.
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

/// The buffers of one op in one pass, prepared before the first run.
public struct OpRun {
    /// One input: its numbers and where its gradient goes.
    struct Operand {
        var values: UnsafeMutableRawPointer
        /// Elements a sequence, for inputs and states, whose buffers hold the whole batch; 0 for all else.
        var rowStride = 0
        var gradient: UnsafeMutablePointer<Float>?
        var accumulates = false
        var isParameter = false
        var rounded: UnsafePointer<Float>?
    }

    /// The threads to use.
    public let pool: ThreadPool
    /// The shapes of the inputs.
    public let inputShapes: [Shape]
    /// The shape of the output.
    public let outputShape: Shape
    /// A number that is this op's own in the graph: dropout masks of two ops differ by it.
    public let stream: UInt32
    /// The output.
    public let output: UnsafeMutablePointer<Float>
    /// The gradient of the output; undefined in a forward pass.
    public let outputGradient: UnsafeMutablePointer<Float>
    /// Left by the forward pass for the backward pass.
    public let saved: UnsafeMutablePointer<Float>
    /// Free for use during this pass.
    public let scratch: UnsafeMutablePointer<Float>
    /// Whether a backward pass follows: false in evaluation and generation.
    public let isTraining: Bool
    let operands: [Operand]
    let stateOfRun: UnsafePointer<RunState>

    /// What changes from run to run.
    public var state: RunState { stateOfRun.pointee }

    /// The numbers of an input.
    public func input(_ index: Int) -> UnsafeMutablePointer<Float> {
        let operand = operands[index]
        return operand.values.assumingMemoryBound(to: Float.self) + operand.rowStride * stateOfRun.pointee.firstRow
    }

    /// The numbers of a parameter in bfloat16, two to a float; nil where the program was not given any.
    public func rounded(_ index: Int) -> UnsafePointer<Float>? { operands[index].rounded }

    /// The ids of an input.
    public func ids(_ index: Int) -> UnsafeMutablePointer<Int32> {
        let operand = operands[index]
        return operand.values.assumingMemoryBound(to: Int32.self) + operand.rowStride * stateOfRun.pointee.firstRow
    }

    /// Where the gradient of an input goes; nil when nobody needs it.
    public func gradient(_ index: Int) -> UnsafeMutablePointer<Float>? { operands[index].gradient }

    /// Whether the gradient of an input is added to what is there already, rather than written over it.
    public func accumulates(_ index: Int) -> Bool {
        let operand = operands[index]
        return operand.accumulates || (operand.isParameter && stateOfRun.pointee.accumulatesParameters)
    }

    /// Whether the gradients of several inputs, which one kernel writes, are added to what is there already. Where that holds for some of them only, as for a
    /// weight that two layers share and its bias that they do not, the others are set to zero first.
    public func accumulates(_ indices: Range<Int>) -> Bool {
        guard indices.contains(where: { accumulates($0) }) else { return false }
        for index in indices where !accumulates(index) {
            gradient(index)?.update(repeating: 0, count: inputShapes[index].count)
        }
        return true
    }
}
