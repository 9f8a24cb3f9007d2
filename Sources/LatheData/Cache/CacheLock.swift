import LatheComponents
import LatheSystem

extension DataCache {
    /// Waits for the right to make a cache entry, reporting to `progress` every tenth of a second. Keep the lock as
    /// long
    /// as it is needed.
    func lock(_ path: String, progress: ProgressHandler) throws -> FileLock {
        while true {
            do throws(FileError) { if let lock = try FileLock(path) { return lock } } catch {
                let folder = error.operation == "lock" ? "a folder on a local disk" : "a writable folder"
                throw DataError(path, "the cache cannot be locked: \(error.reason); set LATHE_CACHE to \(folder)")
            }
            try progress(PreparationProgress(.waiting))
            pause(seconds: 0.1)
        }
    }
}
