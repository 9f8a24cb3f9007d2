package import LatheComponents
import LatheSpec

/// Reads the tokens in steps of B x T, taking B x T + 1 each time; starts over where the next batch would not fit.
package struct Sequential: Loader {
    package struct Config: ComponentConfig {
        @Field(
            "Whether each document is cut into its own windows, so none spans two documents; the last may be short."
        )
        package var withinDocuments = false

        package init() {}
    }

    package static let name = "sequential"
    package static let summary = "Reads the tokens in order, B x T per step, and starts over at the end."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    /// One batch and a token.
    package func minimumTokens(_ shape: BatchShape) -> Int { shape.tokens + 1 }

    /// Only with one row: with more, a row of the next batch lies B rows further on.
    package func rowsContinue(_ shape: BatchShape) -> Bool { shape.rows == 1 && !config.withinDocuments }

    /// Batch b of an epoch begins at token b·B·T, and its row r begins T tokens after row r - 1.
    package func batches(of tokens: TokenSequence, shape: BatchShape, seed: UInt64) -> any BatchSequence {
        config.withinDocuments
            ? DocumentBatches(tokens: tokens, shape: shape) : SequentialBatches(tokens: tokens, shape: shape)
    }
}

private struct SequentialBatches: BatchSequence {
    let tokens: TokenSequence
    let shape: BatchShape

    var batchesPerEpoch: Int { (tokens.count - 1) / shape.tokens }

    func fill(_ batch: Batch, step: Int) {
        let place = step % batchesPerEpoch
        for row in 0..<shape.rows {
            batch.fillRow(
                row, from: tokens, start: place * shape.tokens + row * shape.context,
                continues: shape.rows == 1 && place > 0)
        }
    }
}
