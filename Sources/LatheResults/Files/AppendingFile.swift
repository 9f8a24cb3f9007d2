#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A new file for appending; each append is a single `write`, so a crash of the process loses nothing that was
/// appended.
public final class AppendingFile: Sendable {
    public let path: String
    private let file: Int32

    /// Creates the file; fails if it exists.
    public init(creating path: String) throws(FileError) {
        file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError("create", path) }
        self.path = path
    }

    deinit { close(file) }

    public func append(_ bytes: [UInt8]) throws(FileError) {
        var failure: FileError?
        bytes.withUnsafeBytes { buffer in
            do throws(FileError) { try DurableFile.writeAll(buffer, to: file, path: path) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Flushes what was appended to disk.
    public func sync() throws(FileError) {
        guard fsync(file) == 0 else { throw FileError("sync", path) }
    }
}
