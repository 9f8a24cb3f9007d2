public import LatheGraph
public import LatheKernels

/// One op alone in a graph with a scalar loss behind it and its own memory, to run forward and backward on chosen
/// numbers.
public final class SingleOp {
    /// The kind of an op's input.
    public enum Operand: Sendable {
        /// Numbers with a gradient, initially standard normal.
        case values(Shape)
        /// Ids from 0 up to a bound; the given share of them is -1, which losses ignore.
        case ids(Shape, below: Int, ignored: Double = 0)
        /// Numbers that the op updates and that have no gradient, drawn from a normal distribution with deviation 0.5.
        case state(Shape)
    }

    /// The weighted sum; nil if the op is itself a loss.
    private let loss: WeightedSumLoss?
    private let seed: UInt64
    private let operands: [Operand]
    private let executor: Executor
    private let output: Value
    private let parameters: ParameterStore
    private let states: StateStore
    private let ids: [UnsafeMutableBufferPointer<Int32>]
    /// The index of each operand among the parameters, inputs or states.
    private let places: [Int]
    /// Seed, step and position matter to some ops.
    public var state: RunState

    /// - Throws: ``ShapeMismatch`` if the op rejects the shapes.
    public init(_ op: some Op, _ operands: [Operand], seed: UInt64 = 1, pool: ThreadPool) throws {
        let graph = Graph(mode: .training)
        var values: [Value] = [], places: [Int] = []
        for (index, operand) in operands.enumerated() {
            switch operand {
            case .values(let shape):
                places.append(graph.parameters.count)
                values.append(
                    try graph.parameter("input \(index)", shape, role: .matrix, initializer: .normal(deviation: 1)))
            case .ids(let shape, _, _):
                places.append(graph.inputs.count)
                values.append(graph.input("input \(index)", shape))
            case .state(let shape):
                places.append(graph.states.count)
                values.append(graph.state("input \(index)", shape))
            }
        }
        self.places = places
        self.operands = operands
        self.seed = seed
        let loss = op.isLoss ? nil : WeightedSumLoss(seed: seed)
        self.loss = loss
        let output = try graph.apply(op, values)
        self.output = output
        let program = Program(graph, loss: try loss.map { try graph.apply($0, output) } ?? output, outputs: [output])
        parameters = try ParameterStore(graph.parameters, seed: seed)
        states = try StateStore(graph, rows: graph.states.first?.shape[0] ?? 1)
        ids = graph.inputs.map {
            let buffer = UnsafeMutableBufferPointer<Int32>.allocate(capacity: $0.shape.count)
            buffer.initialize(repeating: 0)
            return buffer
        }
        executor = Executor(
            program, arena: try FloatBuffer(count: program.arenaCount), parameters: parameters, states: states,
            inputs: ids.map { $0.baseAddress.unsafelyUnwrapped }, pool: pool)
        state = RunState(seed: seed, step: 3)
        for (index, operand) in operands.enumerated() {
            guard case .ids(_, let bound, let ignored) = operand else { continue }
            let stream = RandomStream(seed: seed, stream: "ids/\(index)"), buffer = ids[places[index]]
            for i in buffer.indices {
                buffer[i] =
                    Double(stream.uniform(2 * i)) < ignored ? -1 : Int32(stream.integer(2 * i + 1, below: bound))
            }
        }
    }

    deinit { for buffer in ids { buffer.deallocate() } }

    public func values(_ index: Int) -> UnsafeMutableBufferPointer<Float>? {
        switch operands[index] {
        case .ids: return nil
        case .values:
            let segment = parameters.layout.segments[places[index]]
            return UnsafeMutableBufferPointer(start: parameters.weights.base + segment.offset, count: segment.count)
        case .state(let shape):
            return UnsafeMutableBufferPointer(start: states.entries[places[index]].buffer.base, count: shape.count)
        }
    }

    /// The gradient of an input after ``run()``; nil if it has none.
    public func gradient(_ index: Int) -> UnsafeBufferPointer<Float>? {
        guard case .values = operands[index] else { return nil }
        let segment = parameters.layout.segments[places[index]]
        return UnsafeBufferPointer(start: parameters.gradients.base + segment.offset, count: segment.count)
    }

    /// The op's output after ``run()``.
    public var result: UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: executor.numbers(of: output), count: output.shape.count)
    }

    /// Runs forward and backward, from the same states each time, and returns the scalar.
    @discardableResult public func run() -> Double {
        for (index, operand) in operands.enumerated() {
            guard case .state = operand, let values = values(index) else { continue }
            let stream = RandomStream(seed: seed, stream: "state/\(index)")
            for i in values.indices { values[i] = 0.5 * stream.normal(i) }
        }
        executor.run(state)
        guard let loss else { return result.reduce(0) { $0 + Double($1) } * Double(state.lossScale) }
        return loss.sum(executor.numbers(of: output), count: result.count) * Double(state.lossScale)
    }
}
