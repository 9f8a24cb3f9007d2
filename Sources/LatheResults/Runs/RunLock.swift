#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A run that another process works on.
public struct RunInUse: Error, Sendable, Equatable, CustomStringConvertible {
    /// The run's folder.
    public var path: String
    /// Who holds it, as the holder wrote it: `process 1234 on host`. Empty when that cannot be read.
    public var holder: String

    /// Says who holds it and what to do.
    public var description: String {
        "\(path): in use by \(holder.isEmpty ? "another process" : holder); wait for it to end, or stop it"
    }
}

/// The exclusive right to write to a run folder, held until the last reference goes, and given up by the system when the
/// process dies however it dies.
///
/// It is a `flock` on the file `.lock` in the folder; the file itself means nothing, it stays and may be copied along. On network file
/// systems it holds between machines only as far as the system supports `flock` there.
public final class RunLock: Sendable {
    private let file: Int32
    /// The folder that is locked.
    public let folder: String

    /// Takes the lock of a run folder.
    ///
    /// - Throws: ``RunInUse`` where another process, or another place in this one, has it; ``FileError`` where the file cannot be opened.
    public init(folder: String) throws {
        let path = Self.path(in: folder)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError("open lock", path) }
        // A reader that asks whether the run is locked holds a shared lock for an instant: that is not a holder.
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
        // Only for the message above; without it the lock holds just as well.
        ftruncate(file, 0)
        let holder = "process \(getpid()) on \(MachineRecord.hostName)\n"
        _ = holder.withCString { pwrite(file, $0, strlen($0), 0) }
        self.folder = folder
        self.file = file
    }

    deinit { close(file) }

    /// Whether some process holds the lock of a run folder now. Where that cannot be found out, nobody does.
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
