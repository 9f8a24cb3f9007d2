import LatheGraph
import LatheKernels
import LatheLayers
import LatheTestSupport
import Testing

/// The schedule's shortcuts (recomputing cheap values, sharing gradient buffers, reusing memory) do not change a bit.
struct ExecutionOrderTests {
    private let pool = ThreadPool(threadCount: 1)

    @Test(arguments: 0..<120 as Range<UInt64>) func shortcutsChangeNoBit(seed: UInt64) throws {
        let nodes = 2 + Int(seed % 23)
        let naive = try RandomGraph(seed: seed, nodes: nodes, isNaive: true).gradients(pool: pool, sharesMemory: false)
        let graph = try RandomGraph(seed: seed, nodes: nodes, isNaive: false)
        #expect(try graph.gradients(pool: pool, sharesMemory: false) == naive)
        #expect(try graph.gradients(pool: pool) == naive)
        #expect(try graph.gradients(pool: pool, isSoiled: true) == naive)
    }

    /// Checks sums, whose gradients share buffers, against finite differences.
    @Test(arguments: Residual.allCases) func residuals(_ residual: Residual) throws {
        let failures = try GradientCheck(
            Composite(residual: residual), [.values(Shape(Axis("rows", 3), Axis("width", 5)))]
        )
        .failures(canAccumulate: false, pool: pool)
        #expect(failures.isEmpty, "\(failures)")
    }

    @Test func recomputingSavesMemory() throws {
        func count(isNaive: Bool) throws -> Int {
            let graph = Graph(mode: .training), width = Axis("width", 64)
            var x = try graph.parameter(
                "x", Shape(Axis("rows", 32), width), role: .matrix, initializer: .normal(deviation: 1))
            for layer in 0..<6 {
                let weight = try graph.parameter(
                    "w\(layer)", Shape(width, width), role: .matrix, initializer: .normal(deviation: 0.1))
                x = try isNaive ? graph.apply(NaiveOp(base: GeluOp()), x) : graph.apply(GeluOp(), x)
                x = try graph.apply(LinearOp(axis: "width"), x, weight)
            }
            return Program(graph, loss: try graph.apply(WeightedSumLoss(seed: 1), x)).arenaCount
        }
        #expect(try Double(count(isNaive: false)) < 0.8 * Double(count(isNaive: true)))
    }
}

enum Residual: String, CaseIterable, Sendable {
    case doubled, chain, twoConsumers, sumOfBranches, diamond, lateConsumer

    func build(_ graph: Graph, _ x: Value) throws(ShapeMismatch) -> Value {
        switch self {
        case .doubled: return try graph.apply(AddOp(), x, x)
        case .chain:
            let once = try graph.apply(AddOp(), x, try graph.apply(GeluOp(), x))
            let twice = try graph.apply(AddOp(), once, try graph.apply(GeluOp(), once))
            return try graph.apply(AddOp(), twice, twice)
        case .twoConsumers:
            let y = try graph.apply(GeluOp(), x)
            return try graph.apply(AddOp(), try graph.apply(GeluOp(), y), try graph.apply(AddOp(), y, x))
        case .sumOfBranches:
            return try graph.apply(
                AddOp(), try graph.apply(GeluOp(), x), try graph.apply(DropoutOp(probability: 0.3), x))
        case .diamond:
            let left = try graph.apply(GeluOp(), x), right = try graph.apply(AddOp(), left, x)
            return try graph.apply(AddOp(), left, right)
        case .lateConsumer:
            let y = try graph.apply(GeluOp(), x), sum = try graph.apply(AddOp(), y, x)
            let other = try graph.apply(GeluOp(), sum)
            return try graph.apply(AddOp(), try graph.apply(AddOp(), other, y), sum)
        }
    }
}

/// An op that runs a whole inner graph in each pass.
private struct Composite: Op {
    var residual: Residual
    var name: String { residual.rawValue }
    var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
    func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { inputs[0] }

    func forward(_ run: OpRun) { execute(run, weights: nil) }
    func backward(_ run: OpRun) { execute(run, weights: run.outputGradient) }

    private func execute(_ run: OpRun, weights: UnsafeMutablePointer<Float>?) {
        do {
            let graph = Graph(mode: .training), shape = run.inputShapes[0]
            let x = try graph.parameter("x", shape, role: .matrix, initializer: .constant(0))
            let y = try residual.build(graph, x)
            let scalar = try graph.apply(GivenGradient(weights: weights.map { UInt(bitPattern: $0) }), y)
            let program = Program(graph, loss: scalar, outputs: [y])
            let parameters = try ParameterStore(graph.parameters, seed: 1)
            parameters.weights.base.update(from: run.input(0), count: shape.count)
            let executor = Executor(
                program, arena: try FloatBuffer(count: program.arenaCount), parameters: parameters, states: nil,
                inputs: [],
                pool: run.pool)
            executor.run(run.state)
            if weights == nil {
                run.output.update(from: executor.numbers(of: y), count: shape.count)
            } else {
                run.gradient(0)?.update(from: parameters.gradients.base, count: shape.count)
            }
        } catch {
            run.output.update(repeating: .nan, count: run.outputShape.count)
        }
    }
}

/// A loss whose gradient is given. Stored as an address, so that the op is Sendable.
private struct GivenGradient: Op {
    var weights: UInt?
    var name: String { "given_gradient" }
    var backwardReads: BackwardReads { BackwardReads() }
    func outputShape(_ inputs: [Shape]) throws(ShapeMismatch) -> Shape { Shape(Axis("sum", 1)) }
    func forward(_ run: OpRun) { run.output[0] = 0 }
    func backward(_ run: OpRun) {
        guard let weights, let given = UnsafePointer<Float>(bitPattern: weights), let dx = run.gradient(0) else {
            return
        }
        for i in 0..<run.inputShapes[0].count { dx[i] = run.accumulates(0) ? dx[i] + given[i] : given[i] }
    }
}
