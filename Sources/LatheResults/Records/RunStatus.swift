/// Where a run stands.
public enum RunStatus: String, Codable, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Waits for its turn.
    case queued
    /// A process works on it and holds its lock.
    case running
    /// Came to its end, early stopping included.
    case completed
    /// Ended by an error, such as a loss that is not finite.
    case failed
    /// Stopped before its end by a person or a crash; can be resumed.
    case interrupted
    /// Stopped by a sweep because others were more promising.
    case pruned

    /// The name in run.json.
    public var description: String { rawValue }
}
