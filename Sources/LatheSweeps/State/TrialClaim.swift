import LatheResults
import LatheSystem

/// Exclusive right to work on the run of an identity, across all sweeps of a results folder. A file lock, so the system
/// releases it if the process dies.
public final class TrialClaim: Sendable {
    private let lock: FileLock

    /// Nil if another process holds the claim.
    ///
    /// - Throws: `FileError` if the lock cannot be created.
    public init?(_ identity: String, results: String) throws {
        let folder = SweepFolder.claims(results)
        try DurableFolder.create(folder)
        guard let lock = try FileLock(folder + "/" + identity) else { return nil }
        self.lock = lock
    }
}
