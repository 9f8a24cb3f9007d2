import TestSupport
import Testing

/// The models against PyTorch's: the same initial weights and batches, 50 steps of AdamW with warmup, cosine schedule
/// and clipping.
struct TwinTests {
    @Test func transformerTiedWithBiases() throws {
        let model = try architecture("transformer, layers: 2, heads: 3, width: 21")
        let twin = try Twin("transformer-tied-biases")
        try twin.compare(try twin.fixture(model, vocabulary: 37, rate: 3e-3))
    }

    /// A window longer than an attention tile, also in micro-batches, which change nothing.
    @Test(arguments: [3, 1]) func transformerUntiedWithoutBiases(microBatch: Int) throws {
        let model = try architecture(
            "transformer, layers: 3, heads: 2, width: 22, biases: false, tied_embeddings: false")
        let twin = try Twin("transformer-untied-plain")
        try twin.compare(try twin.fixture(model, vocabulary: 65, rate: 3e-3, microBatch: microBatch))
    }

    @Test func lstmUntied() throws {
        let model = try architecture("lstm, layers: 2, embedding_size: 19, hidden_size: 23")
        let twin = try Twin("lstm-untied")
        try twin.compare(try twin.fixture(model, vocabulary: 37, rate: 2e-2))
    }

    @Test func lstmTied() throws {
        let model = try architecture("lstm, layers: 2, embedding_size: 21, hidden_size: 21, tied_embeddings: true")
        let twin = try Twin("lstm-tied")
        try twin.compare(try twin.fixture(model, vocabulary: 61, rate: 2e-2))
    }

    /// State carried from batch to batch without its gradient: truncated backpropagation through time.
    @Test(arguments: [3, 1]) func lstmCarried(microBatch: Int) throws {
        let model = try architecture("lstm, layers: 2, embedding_size: 17, hidden_size: 25, state: carry")
        let twin = try Twin("lstm-carried")
        try twin.compare(
            try twin.fixture(model, vocabulary: 29, rate: 1e-2, continues: true, microBatch: microBatch))
    }
}
