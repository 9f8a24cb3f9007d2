#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call on a file or folder that failed: which operation, on which path, and why.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being done, as a verb: "write", "rename to", "lock".
    public var operation: String
    /// The path as it was given.
    public var path: String
    /// The value of `errno` right after the call.
    public var code: Int32
    /// What else can be done where the path cannot be written.
    public var alternative = "choose another folder with --results"

    /// An error with a known `errno` value.
    public init(operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The error of the call that has just failed on this thread: takes the present `errno`.
    public init(_ operation: String, _ path: String) {
        self.init(operation: operation, path: path, code: errno)
    }

    /// The system's own words for `code`.
    public var reason: String { String(cString: strerror(code)) }

    /// For example `results/a/run.json: cannot write: No space left on device`, with what to do where that is plain.
    public var description: String {
        let advice =
            switch code {
            case ENOSPC, EDQUOT: " (free some space, or \(alternative))"
            case EACCES where isReading, EPERM where isReading: " (check the permissions)"
            case EROFS, EACCES, EPERM: " (check the permissions, or \(alternative))"
            default: ""
            }
        return "\(path): cannot \(operation): \(reason)\(advice)"
    }

    private var isReading: Bool { ["open", "read", "list", "map", "stat"].contains(operation) }

    /// The same error of a file that is no part of the results.
    public func suggesting(_ alternative: String) -> FileError {
        var error = self
        error.alternative = alternative
        return error
    }

    /// Whether the path did not exist.
    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}
