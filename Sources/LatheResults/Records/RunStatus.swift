public enum RunStatus: String, Codable, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Waiting for its turn.
    case queued
    /// A process is working on it and holds its lock.
    case running
    /// Finished, possibly by early stopping.
    case completed
    /// Ended with an error, such as a full disk.
    case failed
    /// Ended by a loss or gradient that is not finite. Runs are exact, so running it again ends the same way.
    case diverged
    /// Stopped early by a user or a crash; can be resumed.
    case interrupted
    /// Stopped by a sweep in favour of more promising runs.
    case pruned

    public var description: String { rawValue }
}
