import LatheGraph
import LatheLayers
import Testing

/// Whole messages about mismatched shapes: the layer path, the op, both shapes with named axes.
struct ShapeMessageTests {
    private let graph = Graph(mode: .training)
    private let batch = Axis("batch", 2), time = Axis("time", 3), width = Axis("width", 8)

    private func parameter(_ name: String, _ axes: Axis...) throws(ShapeMismatch) -> Value {
        try graph.parameter(name, Shape(axes), role: .matrix, initializer: .constant(0))
    }

    private func message(_ body: () throws(ShapeMismatch) -> Value) -> String {
        do throws(ShapeMismatch) {
            _ = try graph.scope("layers.1") { () throws(ShapeMismatch) in
                try graph.scope("mlp") { () throws(ShapeMismatch) in try body() }
            }
            return "no error"
        } catch { return error.description }
    }

    @Test func linear() throws {
        let x = try parameter("x", batch, time, width), weight = try parameter("w", Axis("up", 32), Axis("width", 9))
        let bias = try parameter("b", Axis("up", 31)), fitting = try parameter("v", Axis("up", 32), width)
        #expect(
            message { () throws(ShapeMismatch) in try graph.apply(LinearOp(axis: "up"), x, weight) }
                == "layers.1.mlp: linear: input [batch 2, time 3, width 8] does not fit weight [up 32, width 9]: the last axes must be equal"
        )
        #expect(
            message { () throws(ShapeMismatch) in try graph.apply(LinearOp(axis: "up"), x, fitting, bias) }
                == "layers.1.mlp: linear: bias [up 31] does not fit weight [up 32, width 8]")
    }

    @Test func add() throws {
        let x = try parameter("x", batch, time, width), y = try parameter("y", batch, Axis("time", 4), width)
        #expect(
            message { () throws(ShapeMismatch) in try graph.apply(AddOp(), x, y) }
                == "layers.1.mlp: add: [batch 2, time 3, width 8] and [batch 2, time 4, width 8] must be equal")
    }

    @Test func layerNorm() throws {
        let x = try parameter("x", batch, time, width), gain = try parameter("g", Axis("width", 7))
        #expect(
            message { () throws(ShapeMismatch) in try graph.apply(LayerNormOp(), x, gain) }
                == "layers.1.mlp: layer_norm: input [batch 2, time 3, width 8] does not fit weight or bias [width 7]")
    }

    @Test func attention() throws {
        let x = try parameter("x", batch, time, Axis("3 x width", 24))
        #expect(
            message { () throws(ShapeMismatch) in try graph.apply(CausalAttentionOp(headCount: 3, dropout: 0), x) }
                == "layers.1.mlp: attention: input [batch 2, time 3, 3 x width 24] must be [batch, time, 3 x width] with a width that 3 heads divide"
        )
    }

    @Test func positions() throws {
        let x = try parameter("x", batch, time, width), table = try parameter("t", Axis("position", 2), width)
        #expect(
            message { () throws(ShapeMismatch) in try graph.apply(PositionEmbeddingOp(), x, table) }
                == "layers.1.mlp: position_embedding: input [batch 2, time 3, width 8] does not fit the table [position 2, width 8]: equal widths, no more time than positions"
        )
    }

    @Test func tokenTable() throws {
        let ids = graph.input("ids", Shape(batch, time)), table = try parameter("t", width)
        #expect(
            message { () throws(ShapeMismatch) in try graph.apply(TokenEmbeddingOp(), ids, table) }
                == "layers.1.mlp: embedding: table [width 8] must have two axes")
    }

    @Test func lstm() throws {
        let x = try parameter("x", batch, time, width), hidden = Axis("hidden", 5)
        let input = try parameter("wi", Axis("4 x hidden", 20), width),
            own = try parameter("wh", Axis("4 x hidden", 20), hidden)
        let bias = try parameter("b", Axis("4 x hidden", 20)),
            wrong = try parameter("wrong", Axis("4 x hidden", 20), Axis("width", 7))
        let state = graph.state("h", Shape(batch, hidden)), other = graph.state("c", Shape(Axis("batch", 3), hidden))
        #expect(
            message { () throws(ShapeMismatch) in
                try graph.apply(LSTMSequenceOp(carriesState: true), x, wrong, own, bias, state, state)
            }
                == "layers.1.mlp: lstm: input [batch 2, time 3, width 8], input weight [4 x hidden 20, width 7] and hidden weight "
                + "[4 x hidden 20, hidden 5] do not fit: the weights must be [4H, I] and [4H, H]")
        #expect(
            message { () throws(ShapeMismatch) in
                try graph.apply(LSTMSequenceOp(carriesState: true), x, input, own, bias, state, other)
            }
                == "layers.1.mlp: lstm: state [batch 3, hidden 5] does not fit input [batch 2, time 3, width 8] and 5 hidden units"
        )
    }

    @Test func crossEntropy() throws {
        let x = try parameter("x", batch, time, width), targets = graph.input("t", Shape(batch, Axis("time", 4)))
        let head = try parameter("head", Axis("vocabulary", 11), width)
        #expect(
            message { () throws(ShapeMismatch) in try graph.apply(CrossEntropyLoss(), x, targets, head) }
                == "layers.1.mlp: cross_entropy: features [batch 2, time 3, width 8] do not fit targets [batch 2, time 4]"
        )
    }

    @Test func aParameterOfTwoShapes() throws {
        _ = try parameter("layers.1.mlp.weight", width)
        #expect(
            message { () throws(ShapeMismatch) in try parameter("weight", width, width) }
                == "layers.1.mlp: parameter: 'layers.1.mlp.weight' has shape [width 8] and is used as [width 8, width 8]"
        )
    }
}
