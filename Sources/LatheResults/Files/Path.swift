#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
import Synchronization

enum Path {
    /// Makes temporary names unique within this process; with the process id they are unique on the machine.
    private static let counter = Atomic<Int>(0)

    /// The containing folder; "." for a bare name.
    static func parent(of path: String) -> String {
        let trimmed = withoutTrailingSlashes(path)
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    static func name(of path: String) -> String {
        let trimmed = withoutTrailingSlashes(path)
        guard let slash = trimmed.lastIndex(of: "/") else { return trimmed }
        return String(trimmed[trimmed.index(after: slash)...])
    }

    /// Keeps "/" itself.
    static func withoutTrailingSlashes(_ path: String) -> String {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        return String(trimmed)
    }

    /// `folder` and `name` joined by one slash.
    static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// A unique hidden name in the same folder, for a file or folder that is renamed into place when complete.
    ///
    /// The stem is truncated, so that a name at the file system's limit of 255 bytes still gets a sibling.
    static func hiddenSibling(of path: String) -> String {
        let number = counter.add(1, ordering: .relaxed).newValue
        let stem = String(decoding: name(of: path).utf8.prefix(100), as: UTF8.self)
        return join(parent(of: path), ".\(stem).\(getpid())-\(number).tmp")
    }

    /// Follows links; nil if nothing is there or it cannot be reached.
    static func kind(of path: String) -> Kind? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return switch information.st_mode & S_IFMT {
        case S_IFDIR: .folder
        case S_IFREG: .file
        default: .other
        }
    }

    enum Kind { case file, folder, other }
}
