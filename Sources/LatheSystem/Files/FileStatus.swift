#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a path leads to, and how large it is.
public struct FileStatus: Sendable {
    public enum Kind: Sendable { case file, folder, link, other }

    public let kind: Kind
    /// In bytes.
    public let size: Int
    let stamp: FileStamp

    /// - Parameter followsLinks: whether a symbolic link counts as what it leads to.
    public init(_ path: String, followsLinks: Bool = true) throws(FileError) {
        var status = stat()
        try retried("read", path) { followsLinks ? stat(path, &status) : lstat(path, &status) }
        self.init(status)
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: .folder
            case S_IFREG: .file
            case S_IFLNK: .link
            default: .other
            }
        size = Int(status.st_size)
        stamp = FileStamp(status)
    }
}
