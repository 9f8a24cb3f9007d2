import LatheSystem

/// A path in a spec: relative to the file that names it or, on the command line, to the working directory. A leading
/// `~/` stands for the home folder.
public struct SpecPath: Sendable, Hashable {
    public let written: String
    /// The absolute path. The resolved spec holds this one, so that it can be run from anywhere.
    public let resolved: String
    public let mark: Mark?

    /// A path relative to the current directory.
    public init(_ path: String) { self.init(written: path, mark: nil) }

    /// What to do if there is no such file.
    public var remedy: String {
        guard let source = mark?.source, !written.hasPrefix("/"), !written.hasPrefix("~/") else {
            return "check the path"
        }
        return source.origin == .override
            ? "check the path, which on the command line is relative to the working directory"
            : "check the path, which is relative to the spec's folder"
    }

    init(written: String, mark: Mark?) {
        self.written = written
        self.mark = mark
        let folder = absolute(mark?.source.directory ?? "", in: Path.current)
        let home = written == "~" || written.hasPrefix("~/") ? Environment.value("HOME") : nil
        resolved = absolute(home.map { $0 + written.dropFirst() } ?? written, in: folder)
    }

    /// Compares `resolved` only.
    public static func == (left: SpecPath, right: SpecPath) -> Bool { left.resolved == right.resolved }

    public func hash(into hasher: inout Hasher) { hasher.combine(resolved) }
}

extension SpecPath: ScalarValue {
    public static var noun: String { "a path" }
    public static func schema(_ limits: Limits?) -> Schema { .path }
    /// Resolves the path relative to the file that it is written in.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> SpecPath {
        if text.isEmpty || (plain && Node.plain(text).isNull) { throw UnreadableScalar() }
        if text.utf8.contains(0) { throw UnreadableScalar("a path cannot contain a NUL character") }
        return SpecPath(written: text, mark: mark)
    }
    public var node: Node { .string(resolved) }
}

/// `path` relative to the absolute path `folder`, without `.` and, where safe, without `..`. Removing `..` is unsafe
/// after a symbolic link, because the parent of the link's target is a different folder.
private func absolute(_ path: String, in folder: String) -> String {
    let full = path.hasPrefix("/") ? path : folder + "/" + path
    var parts: [Substring] = []
    for part in full.split(separator: "/") where part != "." {
        if part == "..", parts.last != "..", !isSymbolicLink("/" + parts.joined(separator: "/")) {
            parts = parts.dropLast()
        } else {
            parts.append(part)
        }
    }
    return "/" + parts.joined(separator: "/")
}

private func isSymbolicLink(_ path: String) -> Bool {
    (try? FileStatus(path, followsLinks: false))?.kind == .link
}
