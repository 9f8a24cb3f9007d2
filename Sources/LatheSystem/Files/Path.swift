#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Synchronization

public enum Path {
    /// Makes temporary names unique within this process; with the process id they are unique on the machine.
    private static let counter = Atomic<Int>(0)

    /// The containing folder; "." for a bare name.
    public static func parent(of path: String) -> String {
        let trimmed = withoutTrailingSlashes(path)
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    public static func name(of path: String) -> String {
        let trimmed = withoutTrailingSlashes(path)
        guard let slash = trimmed.lastIndex(of: "/") else { return trimmed }
        return String(trimmed[trimmed.index(after: slash)...])
    }

    /// Keeps "/" itself.
    public static func withoutTrailingSlashes(_ path: String) -> String {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        return String(trimmed)
    }

    /// `folder` and `name` joined by one slash.
    public static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// A unique hidden name in the same folder, for a file or folder that is renamed into place when complete.
    ///
    /// The stem is truncated, so that a name at the file system's limit of 255 bytes still gets a sibling.
    public static func hiddenSibling(of path: String) -> String {
        let number = counter.add(1, ordering: .relaxed).newValue
        let stem = String(decoding: name(of: path).utf8.prefix(100), as: UTF8.self)
        return join(parent(of: path), ".\(stem).\(getpid())-\(number).tmp")
    }

    /// Follows links; nil if nothing is there or it cannot be reached.
    public static func kind(of path: String) -> FileStatus.Kind? { (try? FileStatus(path))?.kind }

    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Absolute, without links; the path itself if it leads nowhere.
    public static func real(_ path: String) -> String {
        guard let buffer = realpath(path, nil) else { return path }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    /// The current folder.
    public static var current: String {
        guard let buffer = getcwd(nil, 0) else { return "/" }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    /// Whether a name matches a pattern of `*`, `?` and `[ab]`.
    public static func matches(_ name: String, pattern: String) -> Bool { fnmatch(pattern, name, 0) == 0 }
}
