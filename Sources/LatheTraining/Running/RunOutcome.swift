/// How a run ended.
public enum RunOutcome: Sendable, Equatable {
    /// It did its last step, or its stopping policy ended it for the given reason.
    case completed(stopReason: String?)
    /// It was asked to stop; it can be resumed.
    case interrupted
    /// It reached the step at which it was to pause; it can be resumed.
    case paused
}

/// A run that produced a value that is not finite.
public struct DivergedRun: Error, Sendable, CustomStringConvertible {
    /// The step that failed, counted from 1.
    public var step: Int
    /// What is not finite, such as `the loss`.
    public var tensor: String
    /// The step of the last checkpoint, if any.
    public var checkpoint: Int?

    init(_ error: NonFinite, step: Int, checkpoint: Int? = nil) {
        self.step = step
        tensor = error.tensor
        self.checkpoint = checkpoint
    }

    public var description: String {
        "step \(step): \(tensor) is not finite; "
            + (checkpoint.map { "the checkpoint of step \($0) is kept; " } ?? "")
            + "try a lower learning rate, a longer warm-up or tighter clipping"
    }
}
