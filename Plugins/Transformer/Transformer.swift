public import LatheComponents
public import LatheGraph
public import LatheSpec

public enum TransformerPlugin {
    public static let components: [any Component.Type] = [Transformer.self]
}

/// GPT-2 (Radford et al., 2019): learned positions, pre-norm blocks, causal attention, tanh GELU.
///
/// Shapes: B batch, T time, C width, V vocabulary.
public struct Transformer: Architecture {
    public struct Config: ComponentConfig {
        @Field("Transformer blocks (attention and MLP).", in: 1...1024) public var layers = 4
        @Field("Attention heads; must divide the width.", in: 1...1024) public var heads = 4
        @Field("Width of the residual stream.", in: 1...65536) public var width = 128
        @Field("Dropout after embeddings, on attention weights and after each block.", in: 0..<1)
        public var dropout: Float = 0
        @Field("Whether linear layers and normalisations have biases.") public var biases = true
        @Field("Whether the head shares the token embedding.") public var tiedEmbeddings = true

        public init() {}

        public func check(_ problems: inout Problems) {
            guard width % heads != 0 else { return }
            let near = (1...heads).last { width % $0 == 0 } ?? 1
            problems.error(
                "width \(width) is not divisible by \(heads) heads; use \(near) \(near == 1 ? "head" : "heads") or "
                    + "a width of \(width / heads * heads + heads)",
                at: $width.mark ?? $heads.mark)
        }
    }

    public static let name = "transformer"
    public static let summary = "GPT-2: learned positions, pre-norm, causal attention, tanh GELU, tied head."
    private let config: Config

    public init(_ config: Config) { self.config = config }

    /// Attention sees only the context window; no state is carried between batches.
    public var carriesState: Bool { false }
    /// Limited by the learned positions.
    public func memory(context: Int) -> Int? { context }

    public func build(_ graph: Graph, tokens: Value, shape: ModelShape) throws(ShapeMismatch) -> Features {
        let width = Axis("width", config.width), vocabulary = Axis("vocabulary", shape.vocabulary)
        let table = try graph.scope("token_embedding") { () throws(ShapeMismatch) in
            try graph.parameter(
                "weight", Shape(vocabulary, width), role: .embedding, initializer: .normal(deviation: 0.02))
        }
        var x = try graph.apply(TokenEmbeddingOp(), tokens, table)
        x = try graph.scope("position_embedding") { () throws(ShapeMismatch) in
            let positions = try graph.parameter(
                "weight", Shape(Axis("position", shape.context), width), role: .embedding,
                initializer: .normal(deviation: 0.02))
            return try graph.dropout(try graph.apply(PositionEmbeddingOp(), x, positions), probability: config.dropout)
        }
        for layer in 0..<config.layers {
            x = try graph.scope("layers.\(layer)") { () throws(ShapeMismatch) in try block(graph, x, shape) }
        }
        x = try normalise(graph, "norm", x)
        guard !config.tiedEmbeddings else { return Features(x, headWeight: table) }
        let head = try graph.parameter(
            "head.weight", Shape(vocabulary, width), role: .matrix, initializer: .normal(deviation: 0.02))
        return Features(x, headWeight: head)
    }

    /// One block: x + attention(norm(x)), then x + mlp(norm(x)).
    private func block(_ graph: Graph, _ x: Value, _ shape: ModelShape) throws(ShapeMismatch) -> Value {
        // The two layers that write to the residual stream start smaller so that its variance does not grow with depth.
        let residual = 0.02 / Float(2 * config.layers).squareRoot()
        let attended = try graph.scope("attention") { () throws(ShapeMismatch) in
            let qkv = try linear(graph, "qkv", try normalise(graph, "norm", x), Axis("3 x width", 3 * config.width))
            return try linear(
                graph, "out", try attention(graph, qkv, shape), Axis("width", config.width), deviation: residual)
        }
        let middle = try graph.apply(AddOp(), x, try graph.dropout(attended, probability: config.dropout))
        let transformed = try graph.scope("mlp") { () throws(ShapeMismatch) in
            let up = try linear(graph, "up", try normalise(graph, "norm", middle), Axis("4 x width", 4 * config.width))
            return try linear(
                graph, "down", try graph.apply(GeluOp(), up), Axis("width", config.width), deviation: residual)
        }
        return try graph.apply(AddOp(), middle, try graph.dropout(transformed, probability: config.dropout))
    }

    private func attention(_ graph: Graph, _ qkv: Value, _ shape: ModelShape) throws(ShapeMismatch) -> Value {
        guard graph.mode == .generation else {
            return try graph.apply(CausalAttentionOp(headCount: config.heads, dropout: config.dropout), qkv)
        }
        let cache = Shape(
            Axis("batch", shape.batch), Axis("head", config.heads), Axis("position", shape.context),
            Axis("head width", config.width / config.heads))
        return try graph.apply(
            CachedAttentionOp(headCount: config.heads), qkv, graph.state("keys", cache), graph.state("values", cache))
    }

    private func linear(
        _ graph: Graph, _ name: String, _ x: Value, _ outputs: Axis, deviation: Float = 0.02
    ) throws(ShapeMismatch) -> Value {
        try graph.scope(name) { () throws(ShapeMismatch) in
            let weight = try graph.parameter(
                "weight", Shape(outputs, x.shape.axes[x.shape.rank - 1]), role: .matrix,
                initializer: .normal(deviation: deviation))
            guard config.biases else { return try graph.apply(LinearOp(axis: outputs.name), x, weight) }
            let bias = try graph.parameter("bias", Shape(outputs), role: .vector, initializer: .constant(0))
            return try graph.apply(LinearOp(axis: outputs.name), x, weight, bias)
        }
    }

    private func normalise(_ graph: Graph, _ name: String, _ x: Value) throws(ShapeMismatch) -> Value {
        try graph.scope(name) { () throws(ShapeMismatch) in
            let width = Shape(x.shape.axes[x.shape.rank - 1])
            let weight = try graph.parameter("weight", width, role: .vector, initializer: .constant(1))
            guard config.biases else { return try graph.apply(LayerNormOp(), x, weight) }
            return try graph.apply(
                LayerNormOp(), x, weight, try graph.parameter("bias", width, role: .vector, initializer: .constant(0)))
        }
    }
}
