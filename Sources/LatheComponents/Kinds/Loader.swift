public import LatheSpec

/// The shape of a batch, as the whole optimizer step sees it: micro-batches cut it, and change nothing.
public struct BatchShape: Sendable, Hashable {
    /// Sequences a step, B.
    public var rows: Int
    /// Tokens a sequence, T.
    public var context: Int
    /// Tokens a step, B x T.
    public var tokens: Int { rows * context }

    /// B x T tokens.
    public init(rows: Int, context: Int) {
        self.rows = rows
        self.context = context
    }
}

/// Cuts a sequence of tokens into batches.
public protocol Loader: Component where Product == any Loader {
    /// The fewest tokens that a split must have for one batch.
    func minimumTokens(_ shape: BatchShape) -> Int
    /// Whether each row of a batch begins where the same row of the batch before ended, as carried state needs.
    func rowsContinue(_ shape: BatchShape) -> Bool
    /// The batches of a split. `tokens.count` is at least ``minimumTokens(_:)``.
    func batches(of tokens: TokenSequence, shape: BatchShape, seed: UInt64) -> any BatchSequence
}

/// The batches of a split: a pure function of the step, so that resuming needs no state.
public protocol BatchSequence: Sendable {
    /// Batches that see each token once, or as good as.
    var batchesPerEpoch: Int { get }
    /// Fills the batch of a step (counted from 0). Allocates nothing.
    func fill(_ batch: Batch, step: Int)
}

/// The buffers of a batch, owned by the trainer.
public struct Batch {
    /// Input ids [B, T].
    public let inputs: UnsafeMutablePointer<Int32>
    /// The ids one ahead [B, T]; ``ignored`` where nothing is to be predicted.
    public let targets: UnsafeMutablePointer<Int32>
    /// Whether each row goes on where it ended in the batch before [B]; carried state is reset where it does not.
    public let continues: UnsafeMutablePointer<Bool>
    /// B x T.
    public let shape: BatchShape
    /// The target id that counts for nothing.
    public static let ignored: Int32 = -1

    /// A batch over buffers of the given shape.
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

    /// Fills a row with the window of T + 1 tokens from `start`: T inputs and the same one ahead.
    public func fillRow(_ row: Int, from tokens: TokenSequence, start: Int, continues continuing: Bool) {
        let offset = row * shape.context
        tokens.copy(from: start, count: shape.context, to: inputs + offset)
        tokens.copy(from: start + 1, count: shape.context, to: targets + offset)
        continues[row] = continuing
    }
}

extension Batch {
    /// Fills a row with a window of at most T + 1 tokens from `start` that ends before `end`; where it is shorter, what is left predicts nothing.
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
    /// The kind of loaders: `loader` in a spec.
    public static var kind: Kind<any Loader> { .loader }
    /// Itself.
    public var product: any Loader { self }
}

extension Kind where Product == any Loader {
    /// `loader`
    public static var loader: Self { Self("loader", summary: "Cuts a sequence of tokens into batches.") }
}
