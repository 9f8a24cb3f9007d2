import LatheGraph
import LatheKernels
import LatheTestSupport
import Testing

/// A layer with an op and a kernel of its own, on public API alone.
@Suite struct CustomLayerTests {
    private func shape(_ sizes: Int...) -> Shape { Shape(sizes.map { Axis("axis", $0) }) }

    @Test(arguments: [[1, 1, 1], [2, 3, 5], [3, 1, 67], [5, 7, 33]])
    func gradients(_ s: [Int]) throws {
        let operands: [SingleOp.Operand] = [.values(shape(s[0], s[1], s[2])), .values(shape(s[2]))]
        let failures = try GradientCheck(LayerScaleOp(), operands).failures(pool: ThreadPool(threadCount: 2))
        #expect(failures.isEmpty, "\(failures)")
    }

    @Test func sameBitsWithAnyThreads() throws {
        let results = try [1, 2, 3].map { threads in
            let pool = ThreadPool(threadCount: threads)
            let op = try SingleOp(LayerScaleOp(), [.values(shape(40, 30, 67)), .values(shape(67))], pool: pool)
            op.run()
            return try [op.result, #require(op.gradient(0)), #require(op.gradient(1))].map { $0.map(\.bitPattern) }
        }
        #expect(results[1] == results[0] && results[2] == results[0])
    }

    @Test func appliesInAGraph() throws {
        let graph = Graph(mode: .training), x = graph.input("x", shape(2, 3, 4))
        let y = try graph.scope("mlp") { () throws(ShapeMismatch) in
            try LayerScale.apply(graph, "scale", x, initialGain: 0.1)
        }
        #expect(y.shape == x.shape)
        #expect(graph.parameters.map(\.name) == ["mlp.scale.gain"])
        let gain = try graph.parameter("gain", shape(5), role: .vector, initializer: .constant(1))
        #expect(throws: ShapeMismatch.self) { try graph.apply(LayerScaleOp(), x, gain) }
    }
}
