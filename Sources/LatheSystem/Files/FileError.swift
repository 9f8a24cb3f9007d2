#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A failed system call on a file or folder.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A verb: "write", "rename to", "lock".
    public var operation: String
    public var path: String
    /// The value of `errno` right after the call.
    public var code: Int32
    /// Advice for when the path cannot be written.
    public var alternative = "choose another folder with --results"

    public init(operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The error of the call that has just failed on this thread, from the current `errno`.
    public init(_ operation: String, _ path: String) {
        self.init(operation: operation, path: path, code: errno)
    }

    /// A folder where a file is needed.
    public static func folder(_ operation: String, _ path: String) -> FileError {
        FileError(operation: operation, path: path, code: EISDIR)
    }

    /// The system's message for `code`.
    public var reason: String { String(cString: strerror(code)) }

    /// For example `results/a/run.json: cannot write: No space left on device`, with advice if there is any.
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

    /// The operation in sentences such as "cannot be written".
    public var participle: String {
        switch operation {
        case "open": "opened"
        case "create": "created"
        case "write": "written"
        case "sync": "written to the disk"
        case "close": "written"
        case "truncate": "truncated"
        case "map": "mapped"
        case "replace": "replaced"
        default: operation
        }
    }

    private var isReading: Bool { ["open", "read", "list", "map", "stat"].contains(operation) }

    /// The same error with other advice, for a file outside the results folder.
    public func suggesting(_ alternative: String) -> FileError {
        var error = self
        error.alternative = alternative
        return error
    }

    /// Whether the reader of a pipe has gone away.
    public var isBrokenPipe: Bool { code == EPIPE }
    /// Whether the path did not exist.
    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    /// Whether there is nothing of that name in an existing folder.
    public var isAbsent: Bool { code == ENOENT }
    /// Whether the file is larger than the limit that was given for reading.
    public var isTooLarge: Bool { code == EFBIG }
    /// Whether the path is a folder where a file is needed.
    public var isFolder: Bool { code == EISDIR }
    /// Whether something is already there.
    public var isTaken: Bool { code == ENOTEMPTY || code == EEXIST || code == ENOTDIR }
    /// Whether a path cannot be written for lack of permission.
    public var isForbidden: Bool { code == EACCES || code == EPERM }
}
