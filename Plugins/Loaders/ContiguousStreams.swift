package import LatheComponents
import LatheSpec

/// Cuts the tokens into B streams of equal length and reads them side by side, so that each row continues where it
/// ended, as carried state needs. All streams start over together; the remainder, fewer than B + T·B tokens, is left
/// out.
package struct ContiguousStreams: Loader {
    package struct Config: ComponentConfig {
        package init() {}
    }

    package static let name = "contiguous_streams"
    package static let summary =
        "Reads the tokens as B parallel streams, so that carried state continues from batch to batch."

    package init(_ config: Config) {}

    /// One window per stream.
    package func minimumTokens(_ shape: BatchShape) -> Int { shape.tokens + 1 }

    package func rowsContinue(_ shape: BatchShape) -> Bool { true }

    /// Row r of batch b of an epoch begins at r·⌊(count - 1) / B⌋ + b·T.
    package func batches(of tokens: TokenSequence, shape: BatchShape, seed: UInt64) -> any BatchSequence {
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
