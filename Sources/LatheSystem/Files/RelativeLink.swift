#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Symbolic links within one folder, which keep working when the folder is moved or copied.
public enum RelativeLink {
    /// Atomically makes `path` a link to `target`: a reader sees the old target or the new one.
    ///
    /// - Parameter target: a name relative to the folder of `path`.
    public static func point(_ path: String, to target: String) throws(FileError) {
        let temporary = Path.hiddenSibling(of: path)
        guard symlink(target, temporary) == 0 else { throw FileError("create link", path) }
        guard rename(temporary, path) == 0 else {
            let error = FileError("replace link", path)
            unlink(temporary)
            throw error
        }
        try DurableFolder.sync(Path.parent(of: path))
    }

    /// The target of the link at `path`; nil if it is not a link.
    public static func target(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4097)
        let count = readlink(path, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
