import LatheResults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Exclusive right to work on the run of an identity, across all sweeps of a results folder. A file lock, so the system
/// releases it if the process dies.
public final class TrialClaim: Sendable {
    private let file: Int32

    /// Nil if another process holds the claim.
    ///
    /// - Throws: `FileError` if the lock cannot be created.
    public init?(_ identity: String, results: String) throws {
        let folder = SweepFolder.claims(results)
        try DurableFolder.create(folder)
        let path = folder + "/" + identity
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError("create", path) }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let code = errno
            close(file)
            if code == EWOULDBLOCK { return nil }
            throw FileError(operation: "lock", path: path, code: code)
        }
    }

    deinit { close(file) }
}
