#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Distinguishes a file from others, and from itself after a change: the change time moves even if size and
/// modification time are set back.
public struct FileStamp: Codable, Hashable, Sendable {
    /// Times are in nanoseconds; all fields are 0 if there is no file.
    public var device: UInt64 = 0
    public var inode: UInt64 = 0
    public var size = 0
    public var modified = 0
    public var changed = 0

    public init() {}

    public init(of path: String) throws(FileError) { self = try FileStatus(path).stamp }

    /// nil if there is no file at `path`.
    public init?(path: String) { try? self.init(of: path) }

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        #if canImport(Darwin)
            let times = (status.st_mtimespec, status.st_ctimespec)
        #else
            let times = (status.st_mtim, status.st_ctim)
        #endif
        modified = times.0.tv_sec * 1_000_000_000 + times.0.tv_nsec
        changed = times.1.tv_sec * 1_000_000_000 + times.1.tv_nsec
    }

    /// Whether the file could change again without changing its stamp: file system clocks tick every few milliseconds.
    /// Those of FAT, HFS+ and old network file systems, whose stamps are whole seconds, tick every one or two seconds.
    public func mayHideChange(at now: Int = WallClock.nanoseconds) -> Bool {
        let tick = changed % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
        return changed != 0 && changed &+ tick > now
    }
}
