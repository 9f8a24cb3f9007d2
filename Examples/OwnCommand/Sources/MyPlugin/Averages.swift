import LatheComponents
import LatheGraph
import LatheLayers
import LatheSpec

/// Blocks of a moving average, a linear map and GELU around a residual stream.
///
/// Shapes: B batch, T time, C width, V vocabulary.
struct Averages: Architecture {
    struct Config: ComponentConfig {
        @Field("Blocks.", in: 1...64) var layers = 2
        @Field("Width of the residual stream.", in: 1...65536) var width = 128
    }

    static let name = "averages"
    static let summary = "Learned moving averages instead of attention."
    private let config: Config

    init(_ config: Config) { self.config = config }

    var carriesState: Bool { false }
    /// The averages have no limit.
    func memory(context: Int) -> Int? { nil }

    func build(_ graph: Graph, tokens: Value, shape: ModelShape) throws(ShapeMismatch) -> Features {
        let width = Axis("width", config.width), vocabulary = Axis("vocabulary", shape.vocabulary)
        let deviation = 1 / Float(config.width).squareRoot()
        var (x, _) = try Embedding.apply(
            graph, "token_embedding", tokens, entries: vocabulary, width: width, deviation: deviation)
        for layer in 0..<config.layers {
            x = try graph.scope("layers.\(layer)") { () throws(ShapeMismatch) in
                let decay = try graph.parameter("decay", Shape(width), role: .vector, initializer: .constant(0))
                let average = try graph.apply(
                    MovingAverageOp(startsFromState: graph.mode == .generation), x, decay,
                    graph.state("average", Shape(Axis("batch", shape.batch), width)))
                let mixed = try Linear.apply(graph, "mix", average, outputs: width, deviation: deviation)
                return try Residual.apply(graph, x, try Gelu.apply(graph, mixed))
            }
        }
        let head = try graph.parameter(
            "head.weight", Shape(vocabulary, width), role: .matrix, initializer: .normal(deviation: deviation))
        return Features(x, headWeight: head)
    }
}
