public import LatheSpec

/// The shape of a batch for a whole optimizer step; micro-batches subdivide it without changing results.
public struct BatchShape: Sendable, Hashable {
    public var rows: Int
    public var context: Int
    public var tokens: Int { rows * context }

    public init(rows: Int, context: Int) {
        self.rows = rows
        self.context = context
    }
}

/// Cuts a sequence of tokens into batches.
public protocol Loader: Component where Product == any Loader {
    /// The fewest tokens that a split needs for one batch.
    func minimumTokens(_ shape: BatchShape) -> Int
    /// Whether each row of a batch begins where the same row of the previous batch ended, as carried state needs.
    func rowsContinue(_ shape: BatchShape) -> Bool
    /// The batches of a split. `tokens.count` is at least ``minimumTokens(_:)``.
    func batches(of tokens: TokenSequence, shape: BatchShape, seed: UInt64) -> any BatchSequence
}

/// The batches of a split, as a pure function of the step, so that resuming needs no state.
public protocol BatchSequence: Sendable {
    /// Batches that together see each token about once.
    var batchesPerEpoch: Int { get }
    /// Fills the batch of a step (counted from 0). Allocates nothing.
    func fill(_ batch: Batch, step: Int)
}

/// The buffers of a batch, owned by the trainer.
public struct Batch {
    /// Input ids [B, T].
    public let inputs: UnsafeMutablePointer<Int32>
    /// The ids one ahead [B, T]; ``ignored`` where there is nothing to predict.
    public let targets: UnsafeMutablePointer<Int32>
    /// Whether each row continues where it ended in the previous batch [B]; if not, carried state is reset.
    public let continues: UnsafeMutablePointer<Bool>
    public let shape: BatchShape
    /// A target that does not count towards the loss.
    public static let ignored: Int32 = -1

    public init(
        inputs: UnsafeMutablePointer<Int32>, targets: UnsafeMutablePointer<Int32>,
        continues: UnsafeMutablePointer<Bool>,
        shape: BatchShape
    ) {
        self.inputs = inputs
        self.targets = targets
        self.continues = continues
        self.shape = shape
    }

    /// Fills a row from the T + 1 tokens at `start`: T inputs, and the same shifted by one as targets.
    public func fillRow(_ row: Int, from tokens: TokenSequence, start: Int, continues continuing: Bool) {
        let offset = row * shape.context
        tokens.copy(from: start, count: shape.context, to: inputs + offset)
        tokens.copy(from: start + 1, count: shape.context, to: targets + offset)
        continues[row] = continuing
    }
}

extension Batch {
    /// Fills a row from at most T + 1 tokens at `start`, ending before `end`; in a shorter window, the remaining
    /// targets are ignored.
    public func fillRow(_ row: Int, from tokens: TokenSequence, start: Int, end: Int) {
        let offset = row * shape.context
        let read = max(0, min(shape.context, end - start)), predicted = max(0, min(shape.context, end - start - 1))
        tokens.copy(from: start, count: read, to: inputs + offset)
        if predicted > 0 { tokens.copy(from: start + 1, count: predicted, to: targets + offset) }
        for place in read..<shape.context { inputs[offset + place] = 0 }
        for place in predicted..<shape.context { targets[offset + place] = Self.ignored }
        continues[row] = false
    }
}

extension Loader {
    public static var kind: Kind<any Loader> { .loader }
    public var product: any Loader { self }
}

extension Kind where Product == any Loader {
    public static var loader: Self { Self("loader", summary: "Cuts a sequence of tokens into batches.") }
}
