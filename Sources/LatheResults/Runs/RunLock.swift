#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
    private let file: Int32
    public let folder: String

    /// - Throws: ``RunInUse`` if another process, or another part of this one, holds it; ``FileError`` if the file
    ///   cannot be opened.
    public init(folder: String) throws {
        let path = Self.path(in: folder)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError("open lock", path) }
        // ``isHeld(folder:)`` takes a shared lock for an instant, which does not count as a holder.
        var attempts = 0
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else {
                let error = FileError("lock", path)
                close(file)
                throw error
            }
            attempts += 1
            guard attempts < 20 else {
                close(file)
                let holder =
                    (try? DurableFile.read(path, limit: 4096)).map { String(decoding: $0, as: UTF8.self) } ?? ""
                throw RunInUse(path: folder, holder: String(holder.prefix { $0 != "\n" }))
            }
            usleep(5000)
        }
        // Only for the message above; the lock does not depend on it.
        ftruncate(file, 0)
        let holder = "process \(getpid()) on \(MachineRecord.hostName)\n"
        _ = holder.withCString { pwrite(file, $0, strlen($0), 0) }
        self.folder = folder
        self.file = file
    }

    deinit { close(file) }

    /// Whether any process holds the lock now; false if that cannot be determined.
    public static func isHeld(folder: String) -> Bool {
        let probe = open(path(in: folder), O_RDONLY | O_CLOEXEC)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        while flock(probe, LOCK_SH | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            return errno == EWOULDBLOCK
        }
        return false
    }

    private static func path(in folder: String) -> String { Path.join(folder, ".lock") }
}
