public import LatheComponents
public import LatheGraph
import LatheLayers
public import LatheSpec

public enum LSTMPlugin {
    public static let components: [any Component.Type] = [LSTM.self]
}

/// Stacked LSTM layers over token embeddings (Hochreiter and Schmidhuber, 1997; dropout as Zaremba et al., 2014).
///
/// Shapes: B batch, T time, E embedding, H hidden, V vocabulary.
public struct LSTM: Architecture {
    /// The state at the start of a batch.
    public enum StateHandling: String, Choice {
        /// The final state of the previous batch.
        case carry
        case reset
    }

    public struct Config: ComponentConfig {
        @Field("Size of token embeddings.", in: 1...65536) public var embeddingSize = 128
        @Field("Hidden units per layer.", in: 1...65536) public var hiddenSize = 256
        @Field("Layers.", in: 1...256) public var layers = 1
        @Field("Dropout on non-recurrent connections: after embeddings, between layers, before the head.", in: 0..<1)
        public var dropout: Float = 0
        @Field("Whether the head shares the token embedding; needs embedding_size = hidden_size.")
        public var tiedEmbeddings = false
        @Field("Initial bias of the forget gates; above 0 they start open (Jozefowicz et al., 2015).")
        public var forgetGateBias: Float = 1
        @Field("State at the start of a batch: carry (the final state of the previous batch) or reset (zero).")
        public var state = StateHandling.reset

        public init() {}

        /// Tied weights need equal sizes.
        public func check(_ problems: inout Problems) {
            guard tiedEmbeddings, embeddingSize != hiddenSize else { return }
            problems.error(
                "tied_embeddings needs embedding_size \(embeddingSize) and hidden_size \(hiddenSize) to be equal",
                at: $tiedEmbeddings.mark)
        }
    }

    public static let name = "lstm"
    public static let summary = "Stacked LSTM layers; state carried between batches or reset."
    private let config: Config

    public init(_ config: Config) { self.config = config }

    public var carriesState: Bool { config.state == .carry }
    /// Unbounded.
    public func memory(context: Int) -> Int? { nil }

    /// A carried state needs batches whose rows continue the previous ones.
    public func validate(in context: ExperimentContext) -> [Diagnostic] {
        carriedStateDiagnostics(in: context, mark: config.$state.mark)
    }

    public func build(_ graph: Graph, tokens: Value, shape: ModelShape) throws(ShapeMismatch) -> Features {
        let vocabulary = Axis("vocabulary", shape.vocabulary), embedding = Axis("embedding", config.embeddingSize)
        let hidden = Axis("hidden", config.hiddenSize)
        // A tied head uses the embedding as its weights, so they start as small as a head's.
        let deviation = config.tiedEmbeddings ? 1 / Float(config.hiddenSize).squareRoot() : 1
        let (embedded, table) = try Embedding.apply(
            graph, "token_embedding", tokens, entries: vocabulary, width: embedding, deviation: deviation)
        var x = try Dropout.apply(graph, embedded, probability: config.dropout)
        for layer in 0..<config.layers {
            x = try graph.scope("layers.\(layer)") { () throws(ShapeMismatch) in
                let y = try LSTMSequence.apply(
                    graph, x, hidden: hidden, forgetGateBias: config.forgetGateBias, carriesState: carriesState)
                return try Dropout.apply(graph, y, probability: config.dropout)
            }
        }
        let bound = Initializer.uniform(bound: 1 / Float(config.hiddenSize).squareRoot())
        let weight =
            config.tiedEmbeddings
            ? table
            : try graph.parameter("head.weight", Shape(vocabulary, hidden), role: .matrix, initializer: bound)
        let bias = try graph.parameter("head.bias", Shape(vocabulary), role: .vector, initializer: .constant(0))
        return Features(x, headWeight: weight, headBias: bias)
    }
}
