import LatheLSTM
import LatheTransformer
import Testing

/// The models against PyTorch's: the same initial weights and batches, 50 steps of AdamW with warmup, cosine schedule
/// and clipping.
struct TwinTests {
    @Test func transformerTiedWithBiases() throws {
        var config = Transformer.Config()
        (config.layers, config.heads, config.width) = (2, 3, 21)
        let twin = try Twin("transformer-tied-biases")
        try twin.compare(try twin.fixture(Transformer(config), vocabulary: 37, rate: 3e-3))
    }

    /// A window longer than an attention tile, also in micro-batches, which change nothing.
    @Test(arguments: [3, 1]) func transformerUntiedWithoutBiases(microBatch: Int) throws {
        var config = Transformer.Config()
        (config.layers, config.heads, config.width) = (3, 2, 22)
        (config.biases, config.tiedEmbeddings) = (false, false)
        let twin = try Twin("transformer-untied-plain")
        try twin.compare(try twin.fixture(Transformer(config), vocabulary: 65, rate: 3e-3, microBatch: microBatch))
    }

    @Test func lstmUntied() throws {
        var config = LSTM.Config()
        (config.layers, config.embeddingSize, config.hiddenSize) = (2, 19, 23)
        let twin = try Twin("lstm-untied")
        try twin.compare(try twin.fixture(LSTM(config), vocabulary: 37, rate: 2e-2))
    }

    @Test func lstmTied() throws {
        var config = LSTM.Config()
        (config.layers, config.embeddingSize, config.hiddenSize, config.tiedEmbeddings) = (2, 21, 21, true)
        let twin = try Twin("lstm-tied")
        try twin.compare(try twin.fixture(LSTM(config), vocabulary: 61, rate: 2e-2))
    }

    /// State carried from batch to batch without its gradient: truncated backpropagation through time.
    @Test(arguments: [3, 1]) func lstmCarried(microBatch: Int) throws {
        var config = LSTM.Config()
        (config.layers, config.embeddingSize, config.hiddenSize, config.state) = (2, 17, 25, .carry)
        let twin = try Twin("lstm-carried")
        try twin.compare(
            try twin.fixture(LSTM(config), vocabulary: 29, rate: 1e-2, continues: true, microBatch: microBatch))
    }
}
