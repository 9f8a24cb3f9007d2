public import LatheKernels

/// A graph compiled for its shapes: the order of work and the place of every buffer. Compiled once, then bound to
/// memory and run.
public struct Program {
    /// Size of the arena in floats.
    public var arenaCount: Int { plan.count }
    public var isTraining: Bool { graph.mode == .training }
    public let graph: Graph
    let order: ExecutionOrder
    private(set) var plan: MemoryPlan

    /// - Parameters:
    ///   - loss: the nats of each token, from an op that ``Op/isLoss``; if given, the program ends with the backward
    ///     pass.
    ///   - outputs: values that the caller reads after a run.
    ///   - keptFloats: total budget for keeping outputs of cheap ops until the backward pass; beyond it they are
    ///     recomputed.
    public init(_ graph: Graph, loss: Value? = nil, outputs: [Value] = [], keptFloats: Int = 0) {
        self.graph = graph
        precondition((loss != nil) == (graph.mode == .training), "a loss goes with a training graph, and with no other")
        order = ExecutionOrder(graph, loss: loss, outputs: outputs, keptFloats: keptFloats)
        plan = MemoryPlan(order.buffers)
    }

    /// The program's arena buffers with their lifetimes, in units of half an op.
    public var buffers: [BufferLifetime] { order.buffers }

    /// The same program without shared buffers, for tests. It must compute the same results: if it does not, an op
    /// reads something in its backward pass that its ``Op/backwardReads`` do not list, or leaves part of its output
    /// unwritten.
    public var withoutSharedMemory: Program {
        var program = self
        program.plan = MemoryPlan(
            order.buffers.map { BufferLifetime(count: $0.count, first: 0, last: 2 * order.steps.count) })
        return program
    }
}

/// A program bound to its memory. Runs allocate nothing.
///
/// Not Sendable: one thread runs it, and the pool's threads help within a run.
public final class Executor {
    struct Instruction {
        let op: any Op
        let pass: Pass
        let run: OpRun
        let node: Int
    }

    public let program: Program
    private let instructions: [Instruction]
    private let state: UnsafeMutablePointer<RunState>
    private let owners: [AnyObject]
    private let arena: FloatBuffer

    /// - Parameters:
    ///   - arena: at least ``Program/arenaCount`` floats; programs that never run at the same time may share one.
    ///   - rounded: the weights in bfloat16, for the ops that can use them.
    ///   - inputs: the ids of the whole batch, in the order of ``Graph/inputs``; they must outlive the executor.
    public init(
        _ program: Program, arena: FloatBuffer, parameters: ParameterStore, rounded: RoundedWeights? = nil,
        states: StateStore?,
        inputs: [UnsafeMutablePointer<Int32>], pool: ThreadPool
    ) {
        precondition(
            arena.count >= program.arenaCount, "an arena of \(arena.count) floats, needed \(program.arenaCount)")
        precondition(
            inputs.count == program.graph.inputs.count, "\(inputs.count) inputs of \(program.graph.inputs.count)")
        self.program = program
        self.arena = arena
        let others: [AnyObject?] = [rounded, states]
        owners = [parameters] + others.compactMap { $0 }
        let state = UnsafeMutablePointer<RunState>.allocate(capacity: 1)
        state.initialize(to: RunState())
        self.state = state
        let graph = program.graph, offsets = program.plan.offsets
        let segments = graph.parameters.map { declaration in
            guard let index = parameters.layout.index(of: declaration.name) else {
                preconditionFailure("no parameter '\(declaration.name)'")
            }
            let segment = parameters.layout.segments[index]
            precondition(
                segment.shape.sizes == declaration.shape.sizes,
                "'\(segment.name)': \(segment.shape), \(declaration.shape)")
            return segment
        }
        func operand(_ value: Value, _ buffer: Int?, _ gradient: ExecutionOrder.Gradient) -> OpRun.Operand {
            var result: OpRun.Operand
            switch value.source {
            case .node: result = OpRun.Operand(values: arena.base + (buffer.map { offsets[$0] } ?? 0))
            case .parameter(let index):
                let offset = segments[index].offset
                result = OpRun.Operand(
                    values: parameters.weights.base + offset, isParameter: true,
                    rounded: rounded.map { UnsafePointer($0.pairs.base + offset / 2) })
            case .input(let index):
                result = OpRun.Operand(values: inputs[index], rowStride: value.shape.count / value.shape[0])
            case .state(let index):
                guard let states else { preconditionFailure("no memory for state '\(graph.states[index].name)'") }
                result = OpRun.Operand(
                    values: states.entries[index].buffer.base, rowStride: states.entries[index].rowCount)
            }
            switch gradient {
            case .none: break
            case .buffer(let index, let accumulates):
                result.gradient = arena.base + offsets[index]
                result.accumulates = accumulates
            case .parameter(let index, let accumulates):
                result.gradient = parameters.gradients.base + segments[index].offset
                result.accumulates = accumulates
            }
            return result
        }
        instructions = program.order.steps.map { step in
            let node = graph.nodes[step.node]
            let operands = node.inputs.indices.map { operand(node.inputs[$0], step.inputs[$0], step.gradients[$0]) }
            let run = OpRun(
                pool: pool, inputShapes: node.inputs.map(\.shape), outputShape: node.output.shape,
                stream: UInt32(step.node),
                output: arena.base + offsets[step.output],
                outputGradient: arena.base + (step.outputGradient.map { offsets[$0] } ?? 0),
                saved: arena.base + offsets[step.saved], scratch: arena.base + offsets[step.scratch],
                isTraining: program.isTraining, operands: operands, stateOfRun: UnsafePointer(state))
            return Instruction(op: node.op, pass: step.pass, run: run, node: step.node)
        }
    }

    deinit { state.deallocate() }

    /// Runs the program once, over one micro-batch.
    public func run(_ runState: RunState) {
        state.pointee = runState
        instructions.withUnsafeBufferPointer { instructions in
            for index in instructions.indices {
                switch instructions[index].pass {
                case .forward: instructions[index].op.forward(instructions[index].run)
                case .backward: instructions[index].op.backward(instructions[index].run)
                }
            }
        }
    }

    /// The values of an output, valid until the arena is used again.
    public func numbers(of output: Value) -> UnsafeMutablePointer<Float> {
        guard case .node(let node) = output.source else { preconditionFailure("not computed by this program") }
        return arena.base + program.plan.offsets[program.order.current[node]]
    }

    /// Runs the forward pass and returns the path of the first op whose output is not finite, to locate divergence.
    public func firstNonFinite(_ runState: RunState) -> String? {
        state.pointee = runState
        for instruction in instructions where instruction.pass == .forward {
            instruction.op.forward(instruction.run)
            if !(program.isTraining && instruction.op.isLoss),
                Reduction.firstNonFinite(
                    instruction.run.pool, x: instruction.run.output, count: instruction.run.outputShape.count) != nil
            {
                return name(of: instruction)
            }
        }
        return nil
    }

    private func name(of instruction: Instruction) -> String {
        let path = program.graph.nodes[instruction.node].path
        return path.isEmpty ? instruction.op.name : "\(path) (\(instruction.op.name))"
    }

    /// Runs the program once and reports the time of each op, in order, in seconds of `clock`.
    public func profile(_ runState: RunState, clock: () -> Double, report: (ProfiledOp) -> Void) {
        state.pointee = runState
        for instruction in instructions {
            let start = clock()
            switch instruction.pass {
            case .forward: instruction.op.forward(instruction.run)
            case .backward: instruction.op.backward(instruction.run)
            }
            let seconds = clock() - start
            let node = program.graph.nodes[instruction.node]
            let shapes = instruction.run.inputShapes
            report(
                ProfiledOp(
                    node: instruction.node, path: node.path, op: instruction.op.name, pass: instruction.pass,
                    seconds: seconds, operations: 3 * instruction.op.operations(shapes),
                    elements: (shapes + [instruction.run.outputShape]).reduce(0) { $0 + $1.count }))
        }
    }
}

/// The time of one pass of one op.
public struct ProfiledOp: Sendable {
    /// Node index in the graph.
    public var node: Int
    /// Layer path: `blocks.0.attention`.
    public var path: String
    /// Name of the op: `linear`.
    public var op: String
    public var pass: Pass
    public var seconds: Double
    /// Floating-point operations of both passes: those of the forward pass, and twice as many for the backward pass.
    public var operations: Double
    /// Elements of its inputs, parameters and output.
    public var elements: Int
}
