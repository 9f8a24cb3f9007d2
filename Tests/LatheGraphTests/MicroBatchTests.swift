import LatheGraph
import LatheKernels
import LatheLayers
import Testing

/// Micro-batches are parts of the whole batch: the same masks and outputs, states kept per row, gradients that add up.
struct MicroBatchTests {
    private static let rows = 12, time = 5, vocabulary = 11
    private let pool = ThreadPool(threadCount: 2)

    /// Results of runs over micro-batches of `size`: the output row by row, the states, the parameters' gradients.
    private func run(
        _ size: Int, mode: GraphMode = .training, runs: Int = 1,
        _ build: (Graph, Value, Int) throws -> (output: Value, loss: Value?)
    ) throws -> (output: [Float], states: [Float], gradients: [Float]) {
        let graph = Graph(mode: mode)
        let ids = graph.input("ids", Shape(Axis("batch", size), Axis("time", Self.time)))
        let built = try build(graph, ids, size)
        let program = Program(graph, loss: built.loss, outputs: [built.output])
        let parameters = try ParameterStore(graph.parameters, seed: 7)
        let states = try StateStore(graph, rows: Self.rows)
        let tokens = UnsafeMutablePointer<Int32>.allocate(capacity: Self.rows * Self.time)
        defer { tokens.deallocate() }
        for i in 0..<Self.rows * Self.time { tokens[i] = Int32((i * i + 3 * i) % Self.vocabulary) }
        let executor = Executor(
            program, arena: try FloatBuffer(count: program.arenaCount), parameters: parameters, states: states,
            inputs: Array(repeating: tokens, count: graph.inputs.count), pool: pool)
        var output: [Float] = []
        for _ in 0..<runs {
            output = []
            for row in stride(from: 0, to: Self.rows, by: size) {
                executor.run(
                    RunState(seed: 4, step: 6, firstRow: row, lossScale: 0.5, accumulatesParameters: row > 0))
                let numbers = executor.numbers(of: built.output)
                output += (0..<built.output.shape.count).map { numbers[$0] }
            }
        }
        return (
            output, states.entries.flatMap { entry in (0..<entry.shape.count).map { entry.buffer.base[$0] } },
            (0..<parameters.layout.flatCount).map { parameters.gradients.base[$0] }
        )
    }

    private func embed(_ graph: Graph, _ ids: Value, width: Int) throws -> Value {
        let table = try graph.parameter(
            "table", Shape(Axis("vocabulary", Self.vocabulary), Axis("width", width)), role: .embedding,
            initializer: .normal(deviation: 1))
        return try graph.apply(TokenEmbeddingOp(), ids, table)
    }

    private func loss(_ graph: Graph, _ x: Value, _ ids: Value) throws -> Value {
        let head = try graph.parameter(
            "head", Shape(Axis("vocabulary", Self.vocabulary), x.shape.axes[2]), role: .matrix,
            initializer: .normal(deviation: 0.5))
        return try graph.apply(CrossEntropyLoss(), x, ids, head)
    }

    @Test(arguments: [1, 3, 4, 6]) func dropoutMasksAreThoseOfTheBatch(size: Int) throws {
        func masks(_ size: Int) throws -> [Float] {
            try run(size) { graph, ids, _ in
                let x = try Dropout.apply(graph, try embed(graph, ids, width: 7), probability: 0.4)
                return (x, try loss(graph, x, ids))
            }.output
        }
        let whole = try masks(Self.rows)
        #expect(try masks(size) == whole)
        let zeros = whole.filter { $0 == 0 }.count
        #expect((100...240).contains(zeros), "\(zeros) of \(whole.count) are zero")
    }

    @Test(arguments: [1, 3, 4, 6]) func attentionDropoutMasksAreThoseOfTheBatch(size: Int) throws {
        func outputs(_ size: Int) throws -> [Float] {
            try run(size) { graph, ids, _ in
                let x = try graph.apply(
                    CausalAttentionOp(headCount: 2, dropout: 0.4), try embed(graph, ids, width: 3 * 6))
                return (x, try loss(graph, x, ids))
            }.output
        }
        #expect(try outputs(size) == outputs(Self.rows))
    }

    /// Summed gradients equal the whole batch's up to the order of float additions.
    @Test(arguments: [1, 3, 4, 6]) func gradientsAddUp(size: Int) throws {
        func gradients(_ size: Int) throws -> [Float] {
            try run(size) { graph, ids, _ in
                var x = try embed(graph, ids, width: 8)
                let width = Axis("width", 8)
                let gain = try graph.parameter("gain", Shape(width), role: .vector, initializer: .constant(1))
                let weight = try graph.parameter(
                    "w", Shape(width, width), role: .matrix, initializer: .normal(deviation: 0.4))
                let bias = try graph.parameter("b", Shape(width), role: .vector, initializer: .constant(0.1))
                let y = try graph.apply(LinearOp(axis: "width"), try graph.apply(LayerNormOp(), x, gain), weight, bias)
                let branch = try Dropout.apply(graph, try Gelu.apply(graph, y), probability: 0.2)
                x = try graph.apply(AddOp(), x, branch)
                let nats = try loss(graph, x, ids)
                return (nats, nats)
            }.gradients
        }
        let whole = try gradients(Self.rows), parts = try gradients(size)
        let scale = whole.map(abs).max() ?? 0
        #expect(scale > 0.1)
        for (a, b) in zip(whole, parts) { #expect(abs(a - b) <= 2e-6 * scale) }
    }

    /// Each row's state is carried from run to run, whatever the micro-batch size.
    @Test(arguments: [3, 4, 12]) func statesGoByRow(size: Int) throws {
        func states(_ size: Int, runs: Int, carries: Bool = true) throws -> [Float] {
            try run(size, runs: runs) { graph, ids, rows in
                let x = try embed(graph, ids, width: 4)
                let hidden = Axis("hidden", 3), gates = Axis("gates", 12)
                func parameter(_ name: String, _ axes: Axis...) throws -> Value {
                    try graph.parameter(name, Shape(axes), role: .matrix, initializer: .normal(deviation: 0.5))
                }
                let state = Shape(Axis("batch", rows), hidden)
                let y = try graph.apply(
                    LSTMSequenceOp(carriesState: carries), x, try parameter("wi", gates, Axis("width", 4)),
                    try parameter("wh", gates, hidden), try parameter("b", gates), graph.state("h", state),
                    graph.state("c", state))
                return (y, try loss(graph, y, ids))
            }.states
        }
        let whole = try states(Self.rows, runs: 2)
        for (a, b) in zip(whole, try states(size, runs: 2)) { #expect(abs(a - b) <= 1e-6) }
        #expect(try states(Self.rows, runs: 1) != whole)
        #expect(try states(size, runs: 1, carries: false) == states(size, runs: 2, carries: false))
    }

    @Test func aStateIsResetByRow() throws {
        let graph = Graph(mode: .training)
        _ = graph.state("h", Shape(Axis("batch", 2), Axis("hidden", 3)))
        let states = try StateStore(graph, rows: 4)
        states.entries[0].buffer.base.update(repeating: 1, count: 12)
        states.reset(row: 2)
        #expect((0..<12).map { states.entries[0].buffer.base[$0] } == [1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1])
        states.reset()
        #expect((0..<12).allSatisfy { states.entries[0].buffer.base[$0] == 0 })
    }
}
