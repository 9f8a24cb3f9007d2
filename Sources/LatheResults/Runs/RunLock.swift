import LatheSystem

/// A run that another process is working on.
public struct RunInUse: Error, Sendable, Equatable, CustomStringConvertible {
    public var path: String
    /// For example `process 1234 on host`, as written by the holder; empty if that cannot be read.
    public var holder: String

    public var description: String {
        "\(path): in use by \(holder.isEmpty ? "another process" : holder); wait for it to finish, or stop it"
    }
}

/// An exclusive lock for writing to a run folder, held while the object lives; the system releases it if the process
/// dies.
///
/// It is a `flock` on the file `.lock` in the folder; the file may stay behind or be copied without effect. Across
/// machines on a network file system it works only as far as that supports `flock`.
public final class RunLock: Sendable {
    public let folder: String
    private let lock: FileLock

    /// - Throws: ``RunInUse`` if another process, or another part of this one, holds it; ``FileError`` if the file
    ///   cannot be opened.
    public init(folder: String) throws {
        let path = Self.path(in: folder)
        // ``isHeld(folder:)`` takes a shared lock for an instant, which does not count as a holder.
        for _ in 0..<20 {
            if let lock = try FileLock(path) {
                // Only for the message below.
                lock.note("process \(CurrentProcess.id) on \(Machine.hostName)\n")
                (self.folder, self.lock) = (folder, lock)
                return
            }
            pause(seconds: 0.005)
        }
        let holder = (try? DurableFile.read(path, limit: 4096)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        throw RunInUse(path: folder, holder: String(holder.prefix { $0 != "\n" }))
    }

    /// Whether any process holds the lock now; false if that cannot be determined.
    public static func isHeld(folder: String) -> Bool { FileLock.isHeld(path(in: folder)) }

    private static func path(in folder: String) -> String { Path.join(folder, ".lock") }
}
