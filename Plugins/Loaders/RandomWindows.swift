public import LatheComponents
import LatheKernels
public import LatheSpec

/// Windows that begin anywhere with equal probability, as in nanoGPT.
public struct RandomWindows: Loader {
    /// No knobs.
    public struct Config: ComponentConfig {
        /// No knobs.
        public init() {}
    }

    /// What a spec's `type` says.
    public static let name = "random_windows"
    /// What it is.
    public static let summary = "Windows at random places, each start equally likely (nanoGPT's loader)."

    /// The loader.
    public init(_ config: Config) {}

    /// One window of T + 1.
    public func minimumTokens(_ shape: BatchShape) -> Int { shape.context + 1 }

    /// Never.
    public func rowsContinue(_ shape: BatchShape) -> Bool { false }

    /// Row r of step s starts at a draw from 0 ..< count - T that depends on (seed, s, r) alone.
    public func batches(of tokens: TokenSequence, shape: BatchShape, seed: UInt64) -> any BatchSequence {
        RandomWindowBatches(tokens: tokens, shape: shape, stream: RandomStream(seed: seed, stream: "loader"))
    }
}

private struct RandomWindowBatches: BatchSequence {
    let tokens: TokenSequence
    let shape: BatchShape
    let stream: RandomStream

    var batchesPerEpoch: Int { max(1, (tokens.count - 1) / shape.tokens) }

    func fill(_ batch: Batch, step: Int) {
        let draws = stream.at(step: UInt32(truncatingIfNeeded: step))
        for row in 0..<shape.rows {
            let start = draws.integer(row, below: tokens.count - shape.context)
            batch.fillRow(row, from: tokens, start: start, continues: false)
        }
    }
}
