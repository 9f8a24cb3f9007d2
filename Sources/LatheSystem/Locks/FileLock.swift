#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An exclusive lock on a file, held while this value lives; the system releases it if the process dies.
///
/// It is a `flock`, which works across machines only as far as a network file system supports it. The file stays:
/// deleting it would let two processes hold locks of the same name.
public final class FileLock: Sendable {
    private let file: OpenFile

    /// nil if another process, or another part of this one, holds it.
    ///
    /// - Throws: ``FileError`` with the operation "open lock" or "lock".
    public init?(_ path: String) throws(FileError) {
        do throws(FileError) { file = try OpenFile(path, .update) } catch {
            throw FileError(operation: "open lock", path: path, code: error.code)
        }
        guard try Self.take(file, LOCK_EX) else { return nil }
    }

    /// Whether anyone holds the lock now; false if that cannot be determined.
    public static func isHeld(_ path: String) -> Bool {
        guard let file = try? OpenFile(path), let isFree = try? take(file, LOCK_SH) else { return false }
        return !isFree
    }

    /// Writes what others may read about the holder; the lock does not depend on it.
    public func note(_ text: String) {
        try? file.truncate(to: 0)
        try? file.write(Array(text.utf8))
    }

    private static func take(_ file: OpenFile, _ kind: Int32) throws(FileError) -> Bool {
        do throws(FileError) {
            try retried("lock", file.path) { flock(file.descriptor, kind | LOCK_NB) }
            return true
        } catch {
            guard error.code == EWOULDBLOCK else { throw error }
            return false
        }
    }
}
