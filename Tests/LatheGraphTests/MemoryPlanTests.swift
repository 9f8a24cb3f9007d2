import LatheGraph
import LatheKernels
import LatheLayers
import Testing

struct MemoryPlanTests {
    /// The most floats in use at once, with each buffer rounded up to a cache line: no plan can need less.
    static func lowerBound(_ buffers: [BufferLifetime]) -> Int {
        (0...(buffers.map(\.last).max() ?? 0)).map { time in
            buffers.filter { $0.first <= time && time <= $0.last }.reduce(0) { $0 + ($1.count + 15) / 16 * 16 }
        }.max() ?? 0
    }

    private func random(_ seed: UInt64, count: Int, horizon: Int, longest: Int) -> [BufferLifetime] {
        let stream = RandomStream(seed: seed, stream: "lifetimes")
        return (0..<count).map { index in
            let first = stream.integer(3 * index, below: horizon)
            let length = stream.integer(3 * index + 1, below: longest)
            return BufferLifetime(
                count: stream.integer(3 * index + 2, below: 5000), first: first, last: min(horizon, first + length))
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func liveBuffersNeverOverlap(seed: UInt64) {
        let buffers = random(seed, count: 1 + Int(seed) * 4, horizon: 60, longest: 1 + Int(seed))
        let plan = MemoryPlan(buffers)
        for (i, a) in buffers.enumerated() where a.count > 0 {
            #expect(plan.offsets[i] % 16 == 0)
            #expect(plan.offsets[i] + a.count <= plan.count)
            for (j, b) in buffers.enumerated() where j < i && b.count > 0 && a.first <= b.last && b.first <= a.last {
                let apart = plan.offsets[i] + a.count <= plan.offsets[j] || plan.offsets[j] + b.count <= plan.offsets[i]
                #expect(apart, "buffers \(i) and \(j) overlap")
            }
        }
        #expect(plan.count >= Self.lowerBound(buffers))
        #expect(Double(plan.count) <= 1.3 * Double(Self.lowerBound(buffers)))
    }

    @Test func nothingNeedsNothing() {
        #expect(MemoryPlan([]).count == 0)
        #expect(MemoryPlan([BufferLifetime(count: 0, first: 0, last: 3)]).count == 0)
    }

    /// For a stack of blocks like a real model's, the plan is close to the lower bound.
    @Test(arguments: [1, 2, 7]) func isCloseToTheLowerBoundOfAStack(layers: Int) throws {
        let graph = Graph(mode: .training)
        let ids = graph.input("ids", Shape(Axis("batch", 3), Axis("time", 17)))
        let width = Axis("width", 24)
        func parameter(_ name: String, _ axes: Axis...) throws -> Value {
            try graph.parameter(name, Shape(axes), role: .matrix, initializer: .constant(1))
        }
        var x = try graph.apply(TokenEmbeddingOp(), ids, try parameter("table", Axis("vocabulary", 50), width))
        for layer in 0..<layers {
            x = try graph.scope("layers.\(layer)") {
                let normal = try graph.apply(LayerNormOp(), x, try parameter("norm", width))
                let up = try graph.apply(LinearOp(axis: "up"), normal, try parameter("up", Axis("up", 96), width))
                let middle = try graph.apply(GeluOp(), up)
                let down = try graph.apply(
                    LinearOp(axis: "width"), middle, try parameter("down", width, Axis("up", 96)))
                return try graph.apply(AddOp(), x, down)
            }
        }
        let loss = try graph.apply(CrossEntropyLoss(), x, ids, try parameter("table", Axis("vocabulary", 50), width))
        let program = Program(graph, loss: loss)
        #expect(Double(program.arenaCount) <= 1.1 * Double(Self.lowerBound(program.buffers)))
        #expect(program.arenaCount < program.withoutSharedMemory.arenaCount)
    }
}
