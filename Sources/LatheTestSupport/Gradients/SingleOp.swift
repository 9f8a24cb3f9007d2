public import LatheGraph
public import LatheKernels

/// One op, alone in a graph with a scalar behind it, with memory of its own: to run it forward and backward on chosen numbers.
public final class SingleOp {
    /// What an input of the op is.
    public enum Operand: Sendable {
        /// Numbers that have a gradient, standard normal to begin with.
        case values(Shape)
        /// Ids from 0 up to a bound; the share given of them is -1, which losses ignore.
        case ids(Shape, below: Int, ignored: Double = 0)
        /// Numbers that the op updates and that have no gradient: normal, and as small as half a deviation.
        case state(Shape)
    }

    /// The value of the scalar's weights: those of a ``WeightedSumLoss``, or 1 where the op is a loss itself.
    private let loss: WeightedSumLoss?
    private let seed: UInt64
    private let operands: [Operand]
    private let executor: Executor
    private let output: Value
    private let parameters: ParameterStore
    private let states: StateStore
    private let ids: [UnsafeMutableBufferPointer<Int32>]
    /// The index in the parameters, the inputs or the states of each operand.
    private let places: [Int]
    /// What a run is told; the seed, the step and the position matter to some ops.
    public var state: RunState

    /// An op over inputs of the given shapes.
    ///
    /// - Parameters:
    ///   - isLoss: whether the op computes its gradients without one of its output, as ``CrossEntropyLoss`` does.
    /// - Throws: ``ShapeMismatch`` where the op refuses the shapes.
    public init(_ op: some Op, _ operands: [Operand], isLoss: Bool = false, seed: UInt64 = 1, pool: ThreadPool) throws {
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
        let loss = isLoss ? nil : WeightedSumLoss(seed: seed)
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

    /// The numbers of an input; nil where it is ids.
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

    /// The gradient of an input after ``run()``; nil where it has none.
    public func gradient(_ index: Int) -> UnsafeBufferPointer<Float>? {
        guard case .values = operands[index] else { return nil }
        let segment = parameters.layout.segments[places[index]]
        return UnsafeBufferPointer(start: parameters.gradients.base + segment.offset, count: segment.count)
    }

    /// The op's output after ``run()``.
    public var result: UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: executor.numbers(of: output), count: output.shape.count)
    }

    /// Runs forward and backward, from states that are the same in each run, and gives the scalar.
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
