public import LatheComponents
import LatheGraph
import LatheLayers
import LatheSpec

public enum TransformerPlugin: Plugin {
    public static let components: [any Component.Type] = [Transformer.self]
}

/// GPT-2 (Radford et al., 2019): learned positions, pre-norm blocks, causal attention, tanh GELU.
///
/// Shapes: B batch, T time, C width, V vocabulary.
struct Transformer: Architecture {
    struct Config: ComponentConfig {
        @Field("Transformer blocks (attention and MLP).", in: 1...1024) var layers = 4
        @Field("Attention heads; must divide the width.", in: 1...1024) var heads = 4
        @Field("Width of the residual stream.", in: 1...65536) var width = 128
        @Field("Dropout after embeddings, on attention weights and after each block.", in: 0..<1)
        var dropout: Float = 0
        @Field("Whether linear layers and normalisations have biases.") var biases = true
        @Field("Whether the head shares the token embedding.") var tiedEmbeddings = true

        func check(_ problems: inout Problems) {
            guard width % heads != 0 else { return }
            let near = (1...heads).last { width % $0 == 0 } ?? 1
            problems.error(
                "width \(width) is not divisible by \(heads) heads; use \(near) \(near == 1 ? "head" : "heads") or "
                    + "a width of \(width / heads * heads + heads)",
                at: $width.mark, $heads.mark)
        }
    }

    static let name = "transformer"
    static let summary = "GPT-2: learned positions, pre-norm, causal attention, tanh GELU, tied head."
    private let config: Config

    init(_ config: Config) { self.config = config }

    /// Attention sees only the context window; no state is carried between batches.
    var carriesState: Bool { false }
    /// Limited by the learned positions.
    func memory(context: Int) -> Int? { context }

    func build(_ graph: Graph, tokens: Value, shape: ModelShape) throws(ShapeMismatch) -> Features {
        let width = Axis("width", config.width), vocabulary = Axis("vocabulary", shape.vocabulary)
        let (embedded, table) = try Embedding.apply(
            graph, "token_embedding", tokens, entries: vocabulary, width: width, deviation: 0.02)
        let placed = try Embedding.applyPositions(
            graph, "position_embedding", embedded, positions: Axis("position", shape.context), deviation: 0.02)
        var x = try Dropout.apply(graph, placed, probability: config.dropout)
        for layer in 0..<config.layers {
            x = try graph.scope("layers.\(layer)") { () throws(ShapeMismatch) in
                try block(graph, x, context: shape.context)
            }
        }
        x = try LayerNorm.apply(graph, "norm", x, bias: config.biases)
        guard !config.tiedEmbeddings else { return Features(x, headWeight: table) }
        let head = try graph.parameter(
            "head.weight", Shape(vocabulary, width), role: .matrix, initializer: .normal(deviation: 0.02))
        return Features(x, headWeight: head)
    }

    /// One block: x + attention(norm(x)), then x + mlp(norm(x)).
    private func block(_ graph: Graph, _ x: Value, context: Int) throws(ShapeMismatch) -> Value {
        let width = Axis("width", config.width), biases = config.biases
        // The two layers that write to the residual stream start smaller so that its variance does not grow with depth.
        let residual = 0.02 / Float(2 * config.layers).squareRoot()
        let attended = try graph.scope("attention") { () throws(ShapeMismatch) in
            let normal = try LayerNorm.apply(graph, "norm", x, bias: biases)
            let qkv = try Linear.apply(
                graph, "qkv", normal, outputs: Axis("3 x width", 3 * width.size), bias: biases, deviation: 0.02)
            let heads = try CausalAttention.apply(
                graph, qkv, heads: config.heads, context: context, dropout: config.dropout)
            return try Linear.apply(graph, "out", heads, outputs: width, bias: biases, deviation: residual)
        }
        let middle = try Residual.apply(graph, x, try Dropout.apply(graph, attended, probability: config.dropout))
        let transformed = try graph.scope("mlp") { () throws(ShapeMismatch) in
            let normal = try LayerNorm.apply(graph, "norm", middle, bias: biases)
            let up = try Linear.apply(
                graph, "up", normal, outputs: Axis("4 x width", 4 * width.size), bias: biases, deviation: 0.02)
            return try Linear.apply(
                graph, "down", try Gelu.apply(graph, up), outputs: width, bias: biases, deviation: residual)
        }
        return try Residual.apply(graph, middle, try Dropout.apply(graph, transformed, probability: config.dropout))
    }
}
