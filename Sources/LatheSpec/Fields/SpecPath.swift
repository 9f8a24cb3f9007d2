#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A path that a spec names. In a file it is relative to that file, on the command line to the current directory.
public struct SpecPath: Sendable, Hashable {
    /// The path as it was written.
    public let written: String
    /// The absolute path that it stands for: what the resolved spec holds, so that it can be run from anywhere.
    public let resolved: String
    /// Where it was written.
    public let mark: Mark?

    /// A path given by a program: relative to the current directory.
    public init(_ path: String) { self.init(written: path, mark: nil) }

    init(written: String, mark: Mark?) {
        self.written = written
        self.mark = mark
        let folder = absolute(mark?.source.directory ?? "", in: currentDirectory())
        resolved = absolute(written, in: folder)
    }

    /// Whether two paths name the same place, however they are written.
    public static func == (left: SpecPath, right: SpecPath) -> Bool { left.resolved == right.resolved }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(resolved) }
}

extension SpecPath: ScalarValue {
    /// What messages say was expected.
    public static var noun: String { "a path" }
    /// A path.
    public static func schema(_ limits: Limits?) -> Schema { .path }
    /// Takes the text as a path relative to where it was written.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> SpecPath {
        if text.isEmpty || (plain && Node.plain(text).isNull) { throw UnreadableScalar() }
        if text.utf8.contains(0) { throw UnreadableScalar("a path has no NUL character") }
        return SpecPath(written: text, mark: mark)
    }
    /// The absolute path.
    public var node: Node { .string(resolved) }
}

private func currentDirectory() -> String {
    guard let buffer = getcwd(nil, 0) else { return "/" }
    defer { free(buffer) }
    return String(cString: buffer)
}

/// `path` in `folder`, which is absolute, without `.`, and without `..` where that is safe: not after a symbolic link,
/// whose parent is another folder than the path says.
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
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
}
