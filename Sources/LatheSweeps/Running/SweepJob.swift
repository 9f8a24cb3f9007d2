/// A request from a sweep to a worker.
public struct SweepJob: Sendable {
    public var trial: Int
    public var spec: String
    public var identity: String
    /// The step to stop at with a checkpoint; nil to run to the end.
    public var untilStep: Int?
    /// Whether to discard what an earlier attempt left.
    public var startsOver: Bool
}

public enum WorkerExit {
    /// The trial reached its last step, or the step that it was asked to stop at.
    public static let done = 0
    /// The trial stopped on request and can resume.
    public static let interrupted = 3
    /// The trial stopped immediately on a second SIGINT or SIGTERM. It can resume from its last checkpoint.
    public static let askedTwice: Set = [130, 143]
    /// Another process is working on the same run.
    public static let elsewhere = 75
}

/// How a sweep ended.
public enum SweepEnd: Sendable, Equatable {
    case done
    /// Some trials failed; all others are done.
    case failed
    /// Stopped on request or because its time budget ran out.
    case stopped(String)
}
