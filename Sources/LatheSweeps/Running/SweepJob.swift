/// What a sweep asks a worker for.
public struct SweepJob: Sendable {
    /// The trial's number.
    public var trial: Int
    /// The spec to run.
    public var spec: String
    /// Its identity.
    public var identity: String
    /// The step to stop at with a checkpoint; nil for the end.
    public var untilStep: Int?
    /// Whether to drop what an earlier attempt left.
    public var startsOver: Bool
}

/// The exit codes of a worker.
public enum WorkerExit {
    /// The trial came to its end, or to the step that it was asked to stop at.
    public static let done = 0
    /// The trial was asked to stop, and can go on.
    public static let interrupted = 3
    /// The trial was asked twice, by SIGINT or SIGTERM, and ended at once; it can go on from its last checkpoint.
    public static let askedTwice: Set = [130, 143]
    /// Another process works on the same run.
    public static let elsewhere = 75
}

/// When a sweep ends before its work does.
public enum SweepEnd: Sendable, Equatable {
    /// Everything is done.
    case done
    /// Everything that could be done is; some trials failed.
    case failed
    /// Somebody asked it to stop, or its time was up.
    case stopped(String)
}
