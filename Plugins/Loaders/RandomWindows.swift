package import LatheComponents
import LatheKernels
import LatheSpec

/// Windows that start anywhere with equal probability, as in nanoGPT.
package struct RandomWindows: Loader {
    package struct Config: ComponentConfig {
        @Field(
            "Whether each window stays within one document: moved back at its end, or shortened to fit."
        )
        package var withinDocuments = false

        package init() {}
    }

    package static let name = "random_windows"
    package static let summary = "Windows at uniformly random positions (nanoGPT's loader)."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    /// T + 1 tokens: one window.
    package func minimumTokens(_ shape: BatchShape) -> Int { shape.context + 1 }

    package func rowsContinue(_ shape: BatchShape) -> Bool { false }

    /// Row r of step s starts at a draw from 0 ..< count - T that depends only on (seed, s, r).
    /// Within documents a token is drawn instead, and the window begins with it or, near the end of its document,
    /// before it.
    package func batches(of tokens: TokenSequence, shape: BatchShape, seed: UInt64) -> any BatchSequence {
        let documents = config.withinDocuments ? tokens.documents ?? DocumentEnds([tokens.count]) : nil
        return RandomWindowBatches(
            tokens: tokens, documents: documents, shape: shape, stream: RandomStream(seed: seed, stream: "loader"))
    }
}

private struct RandomWindowBatches: BatchSequence {
    let tokens: TokenSequence
    /// nil if a window may span documents.
    let documents: DocumentEnds?
    let shape: BatchShape
    let stream: RandomStream

    var batchesPerEpoch: Int { max(1, (tokens.count - 1) / shape.tokens) }

    func fill(_ batch: Batch, step: Int) {
        let draws = stream.at(step: UInt32(truncatingIfNeeded: step))
        for row in 0..<shape.rows {
            var (begin, end) = (0, tokens.count)
            let drawn = draws.integer(row, below: documents == nil ? end - shape.context : end)
            if let documents {
                let document = documents.document(at: drawn)
                (begin, end) = (documents.start(document), documents[document])
            }
            let start = max(begin, min(drawn, end - shape.context - 1))
            batch.fillRow(row, from: tokens, start: start, end: end)
        }
    }
}
