import LatheGraph
import LatheKernels
import LatheLayers
import LatheTestSupport

/// A seeded random graph of ops: values with several consumers, a value added to itself, shared parameters, dead ends,
/// sums of sums.
struct RandomGraph {
    let graph = Graph(mode: .training)
    private(set) var loss: Value
    private let ids: Value
    private let isNaive: Bool
    private static let shape = Shape(Axis("batch", 2), Axis("time", 3), Axis("width", 6))

    init(seed: UInt64, nodes: Int, isNaive: Bool) throws {
        self.isNaive = isNaive
        let stream = RandomStream(seed: seed, stream: "graph"), width = Self.shape.axes[2]
        ids = graph.input("ids", Shape(Array(Self.shape.axes.prefix(2))))
        let graph = graph
        func parameter(_ name: String, _ axes: [Axis]) throws -> Value {
            try graph.parameter(name, Shape(axes), role: .matrix, initializer: .normal(deviation: 0.5))
        }
        func apply(_ op: some Op, _ inputs: [Value]) throws -> Value {
            isNaive ? try graph.apply(NaiveOp(base: op), inputs) : try graph.apply(op, inputs)
        }
        var values = [
            try apply(TokenEmbeddingOp(), [ids, try parameter("table", [Axis("vocabulary", 7), width])]),
            try parameter("whole", Self.shape.axes),
        ]
        for node in 0..<nodes {
            func draw(_ index: Int, below bound: Int) -> Int { stream.integer(8 * node + index, below: bound) }
            // Mostly the newest values, so that the graph grows deep.
            func pick(_ index: Int) -> Value {
                values[max(0, values.count - 1 - draw(index, below: min(values.count, 4)))]
            }
            let own = draw(0, below: 3)
            switch draw(1, below: 6) {
            case 0, 1: values.append(try apply(AddOp(), [pick(2), pick(3)]))
            case 2: values.append(try apply(GeluOp(), [pick(2)]))
            case 3: values.append(try apply(DropoutOp(probability: 0.2), [pick(2)]))
            case 4:
                let gains = [try parameter("gain\(own)", [width]), try parameter("shift\(node)", [width])]
                values.append(try apply(LayerNormOp(), [pick(2)] + gains))
            default:
                let weights = [try parameter("matrix\(own)", [width, width]), try parameter("bias\(node)", [width])]
                values.append(try apply(LinearOp(axis: "width"), [pick(2)] + weights))
            }
        }
        loss = try graph.apply(
            WeightedSumLoss(seed: seed), try apply(AddOp(), [values[values.count - 1], values[values.count - 2]]))
    }

    /// The bits of all gradients, in the order of the parameters, and of the loss.
    ///
    /// - Parameters:
    ///   - sharesMemory: whether buffers with disjoint lifetimes may overlap.
    ///   - isSoiled: whether the arena and the gradients are filled with NaN before the run. Gradients that nothing
    ///     reaches count as zero.
    func gradients(pool: ThreadPool, sharesMemory: Bool = true, isSoiled: Bool = false) throws -> [[UInt32]] {
        var program = Program(graph, loss: loss)
        if !sharesMemory { program = program.withoutSharedMemory }
        let parameters = try ParameterStore(graph.parameters, seed: 3)
        let arena = try FloatBuffer(count: program.arenaCount)
        if isSoiled {
            arena.base.update(repeating: .nan, count: arena.count)
            parameters.gradients.base.update(repeating: .nan, count: parameters.layout.flatCount)
        }
        let numbers = UnsafeMutablePointer<Int32>.allocate(capacity: 6)
        defer { numbers.deallocate() }
        for i in 0..<6 { numbers[i] = Int32(i * i % 7) }
        let executor = Executor(
            program, arena: arena, parameters: parameters, states: nil, inputs: [numbers], pool: pool)
        executor.run(RunState(seed: 9, step: 2))
        let gradients = parameters.layout.segments.map { segment in
            let values = (0..<segment.count).map { parameters.gradients.base[segment.offset + $0] }
            return values.allSatisfy(\.isNaN) ? values.map { _ in UInt32(0) } : values.map(\.bitPattern)
        }
        return [[executor.numbers(of: loss)[0].bitPattern]] + gradients
    }
}
