public import LatheComponents
public import LatheSpec

/// Cuts the tokens into B streams of equal length and reads them side by side, so that each row goes on where it ended: what carried state
/// needs. All streams start over together; the fewer than B + T·B tokens that fill no batch are left out.
public struct ContiguousStreams: Loader {
    /// No knobs.
    public struct Config: ComponentConfig {
        /// No knobs.
        public init() {}
    }

    /// What a spec's `type` says.
    public static let name = "contiguous_streams"
    /// What it is.
    public static let summary =
        "B parallel streams over the tokens, each row going on where it ended: for carried state."

    /// The loader.
    public init(_ config: Config) {}

    /// A window for each stream.
    public func minimumTokens(_ shape: BatchShape) -> Int { shape.tokens + 1 }

    /// Always.
    public func rowsContinue(_ shape: BatchShape) -> Bool { true }

    /// Row r of batch b of an epoch begins at r·⌊(count - 1) / B⌋ + b·T.
    public func batches(of tokens: TokenSequence, shape: BatchShape, seed: UInt64) -> any BatchSequence {
        ContiguousBatches(tokens: tokens, shape: shape)
    }
}

private struct ContiguousBatches: BatchSequence {
    let tokens: TokenSequence
    let shape: BatchShape
    private var streamLength: Int { (tokens.count - 1) / shape.rows }

    var batchesPerEpoch: Int { streamLength / shape.context }

    func fill(_ batch: Batch, step: Int) {
        let place = step % batchesPerEpoch
        for row in 0..<shape.rows {
            batch.fillRow(
                row, from: tokens, start: row * streamLength + place * shape.context, continues: place > 0)
        }
    }

    init(tokens: TokenSequence, shape: BatchShape) {
        self.tokens = tokens
        self.shape = shape
    }
}
