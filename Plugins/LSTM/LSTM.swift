public import LatheComponents
import LatheGraph
import LatheLayers
import LatheSpec

public enum LSTMPlugin: Plugin {
    public static let components: [any Component.Type] = [LSTM.self]
}

/// Stacked LSTM layers over token embeddings (Hochreiter and Schmidhuber, 1997; dropout as Zaremba et al., 2014).
///
/// Shapes: B batch, T time, E embedding, H hidden, V vocabulary.
struct LSTM: Architecture {
    /// The state at the start of a batch.
    enum StateHandling: String, Choice {
        /// The final state of the previous batch.
        case carry
        case reset
    }

    struct Config: ComponentConfig {
        @Field("Size of token embeddings.", in: 1...65536) var embeddingSize = 128
        @Field("Hidden units per layer.", in: 1...65536) var hiddenSize = 256
        @Field("Layers.", in: 1...256) var layers = 1
        @Field("Dropout on non-recurrent connections: after embeddings, between layers, before the head.", in: 0..<1)
        var dropout: Float = 0
        @Field("Whether the head shares the token embedding; needs embedding_size = hidden_size.")
        var tiedEmbeddings = false
        @Field("Initial bias of the forget gates; above 0 they start open (Jozefowicz et al., 2015).")
        var forgetGateBias: Float = 1
        @Field("State at the start of a batch: carry (the final state of the previous batch) or reset (zero).")
        var state = StateHandling.reset

        /// Tied weights need equal sizes.
        func check(_ problems: inout Problems) {
            guard tiedEmbeddings, embeddingSize != hiddenSize else { return }
            problems.error(
                "tied_embeddings needs embedding_size \(embeddingSize) and hidden_size \(hiddenSize) to be equal",
                at: $tiedEmbeddings.mark, $embeddingSize.mark, $hiddenSize.mark)
        }
    }

    static let name = "lstm"
    static let summary = "Stacked LSTM layers; state carried between batches or reset."
    private let config: Config

    init(_ config: Config) { self.config = config }

    var carriesState: Bool { config.state == .carry }
    /// Unbounded.
    func memory(context: Int) -> Int? { nil }

    /// A carried state needs batches whose rows continue the previous ones.
    func validate(in context: ExperimentContext) -> [Diagnostic] {
        carriedStateDiagnostics(in: context, mark: config.$state.mark)
    }

    func build(_ graph: Graph, tokens: Value, shape: ModelShape) throws(ShapeMismatch) -> Features {
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
