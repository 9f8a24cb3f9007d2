#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Detects whether a file has changed since it was read.
struct FileStamp: Equatable {
    /// Times are in nanoseconds; all fields are 0 if there is no file.
    var inode: UInt64 = 0
    var size: UInt64 = 0
    var modified: UInt64 = 0
    var changed: UInt64 = 0

    init() {}

    init(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        inode = UInt64(status.st_ino)
        size = UInt64(bitPattern: Int64(status.st_size))
        #if canImport(Darwin)
            let times = (status.st_mtimespec, status.st_ctimespec)
        #else
            let times = (status.st_mtim, status.st_ctim)
        #endif
        modified = Self.nanoseconds(times.0)
        changed = Self.nanoseconds(times.1)
    }

    /// Whether the file could change again without changing its stamp: file system clocks tick every few milliseconds,
    /// old ones every two seconds.
    func mayHideChange(at now: UInt64) -> Bool { changed != 0 && changed &+ 2_000_000_000 > now }

    /// By the same clock as file times, in nanoseconds.
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    private static func nanoseconds(_ time: timespec) -> UInt64 {
        UInt64(bitPattern: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}
