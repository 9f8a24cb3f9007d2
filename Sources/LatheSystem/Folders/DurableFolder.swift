#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Creates, lists, publishes and removes folders.
public enum DurableFolder {
    /// Creates the folder and its parents; an existing one is left as it is.
    public static func create(_ path: String) throws(FileError) {
        if mkdir(path, 0o777) == 0 { return }
        switch errno {
        case EEXIST:
            guard Path.kind(of: path) == .folder else {
                throw FileError(operation: "create folder", path: path, code: ENOTDIR)
            }
        case ENOENT where Path.parent(of: path) != path:
            try create(Path.parent(of: path))
            if mkdir(path, 0o777) != 0, errno != EEXIST { throw FileError("create folder", path) }
        default:
            // A read-only file system answers EROFS even for what exists.
            let error = FileError("create folder", path)
            if Path.kind(of: path) != .folder { throw error }
        }
    }

    /// Flushes a folder's entries (new names, renames, removals) to disk.
    public static func sync(_ path: String) throws(FileError) {
        try OpenFile(path).sync()
    }

    /// The names in a folder, sorted, without `.` and `..`.
    public static func names(in path: String) throws(FileError) -> [String] {
        guard let stream = opendir(path) else { throw FileError("list", path) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw FileError("list", path) }
                break
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Creates or replaces the folder at `path` completely or not at all.
    ///
    /// `fill` is given a hidden folder beside it to write into; then every file in it is synced and it is renamed into
    /// place, replacing an existing folder. If `fill` throws, the hidden folder is removed. A crash leaves at most a
    /// hidden folder, which ``removeLeftovers(in:)`` removes.
    public static func publish(at path: String, fill: (_ hidden: String) throws -> Void) throws {
        let parent = Path.parent(of: path)
        try create(parent)
        let hidden = Path.hiddenSibling(of: path)
        try create(hidden)
        do {
            try fill(hidden)
            try syncContents(of: hidden)
            try moveIntoPlace(hidden, path)
        } catch {
            try? remove(hidden)
            throw error
        }
        try sync(parent)
    }

    /// Removes a file, link or folder with its contents; links are not followed. A missing path is not an error.
    public static func remove(_ path: String) throws(FileError) {
        let status: FileStatus
        do throws(FileError) { status = try FileStatus(path, followsLinks: false) } catch {
            if error.code == ENOENT { return }
            throw FileError(operation: "remove", path: path, code: error.code)
        }
        if status.kind == .folder {
            for name in try names(in: path) { try remove(Path.join(path, name)) }
            guard rmdir(path) == 0 || errno == ENOENT else { throw FileError("remove", path) }
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw FileError("remove", path) }
        }
    }

    /// Creates an empty folder of a unique name among the temporary files.
    public static func temporary(_ prefix: String) throws(FileError) -> String {
        let root = Environment.temporaryFolder
        var template = Array("\(root)/\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError("create folder", "\(root)/\(prefix)") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a folder so that it is never seen half removed: renames it to a hidden name first. A missing folder is
    /// not an error.
    public static func retire(_ path: String) throws(FileError) {
        let hidden = Path.hiddenSibling(of: path)
        guard rename(path, hidden) == 0 else {
            if errno == ENOENT { return }
            throw FileError("remove", path)
        }
        try remove(hidden)
    }

    /// Removes what a crash left behind in a folder: hidden entries that end in `.tmp`.
    ///
    /// Only for a folder that no other process writes to, such as a run's own while its lock is held.
    public static func removeLeftovers(in path: String) throws(FileError) {
        for name in try names(in: path) where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            try remove(Path.join(path, name))
        }
    }

    private static func moveIntoPlace(_ hidden: String, _ path: String) throws(FileError) {
        if rename(hidden, path) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST else { throw FileError("rename to", path) }
        if exchange(hidden, path) {
            try remove(hidden)
            return
        }
        // Without an exchange, a crash between the two renames leaves nothing at the path.
        let old = Path.hiddenSibling(of: path)
        guard rename(path, old) == 0 else { throw FileError("replace", path) }
        guard rename(hidden, path) == 0 else {
            let error = FileError("rename to", path)
            rename(old, path)
            throw error
        }
        try remove(old)
    }

    /// Exchanges two folders atomically if kernel and file system can: `renameat2` with `RENAME_EXCHANGE` (Linux 3.15,
    /// glibc 2.28), which the Glibc module does not declare.
    private static func exchange(_ first: String, _ second: String) -> Bool {
        #if os(Linux)
            typealias Function =
                @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
            guard let symbol = dlsym(nil, "renameat2") else { return false }
            return unsafeBitCast(symbol, to: Function.self)(AT_FDCWD, first, AT_FDCWD, second, 1 << 1) == 0
        #else
            return false
        #endif
    }

    /// Syncs every file below a folder, then the folder itself.
    private static func syncContents(of path: String) throws(FileError) {
        for name in try names(in: path) {
            let child = Path.join(path, name)
            switch Path.kind(of: child) {
            case .folder: try syncContents(of: child)
            case .file: try OpenFile(child).sync()
            case .link, .other, nil: continue
            }
        }
        try sync(path)
    }
}
