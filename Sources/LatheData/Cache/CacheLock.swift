import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The right to make a cache entry: a file lock, which the system releases when the process dies.
final class CacheLock {
    private var descriptor: Int32

    /// Waits for the lock, reporting to `progress` every tenth of a second.
    init(_ path: String, cache: DataCache, progress: ProgressHandler) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw DataError(
                path,
                "the cache cannot be locked: \(lastSystemError()); set LATHE_CACHE to a writable folder")
        }
        do {
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                guard errno == EWOULDBLOCK || errno == EINTR else {
                    throw DataError(
                        path,
                        "the cache cannot be locked: \(lastSystemError()); set LATHE_CACHE to a folder on a local disk")
                }
                try progress(PreparationProgress(.waiting))
                usleep(100_000)
            }
        } catch {
            close(descriptor)
            descriptor = -1
            throw error
        }
    }

    /// Releases the lock. The file stays: deleting it would let two processes hold locks of the same name.
    func release() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    deinit { release() }
}
