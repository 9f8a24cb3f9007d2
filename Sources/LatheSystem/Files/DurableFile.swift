#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Crash-safe files: after a crash, a file has either its old bytes or the new ones, never a mixture.
public enum DurableFile {
    /// Replaces the file at `path`: writes and syncs a temporary file beside it, renames it over the old one and syncs
    /// the folder.
    ///
    /// Costs about 1 ms for a small file on a solid-state disk.
    public static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(FileError) {
        let temporary = Path.hiddenSibling(of: path)
        do throws(FileError) {
            let file = try OpenFile(temporary, .replace)
            try file.write(bytes)
            try file.sync()
            try file.close()
            try move(temporary, to: path)
        } catch {
            discard(temporary)
            throw FileError(operation: error.operation, path: path, code: error.code)
        }
        try DurableFolder.sync(Path.parent(of: path))
    }

    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try bytes.withUnsafeBytes { buffer in Result { () throws(FileError) in try write(buffer, to: path) } }.get()
    }

    public static func write(_ text: String, to path: String) throws(FileError) {
        try write(Array(text.utf8), to: path)
    }

    /// Writes a file without waiting for the disk, for files that are checked when read and can be recreated.
    public static func writeUnsynced(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = try OpenFile(path, .replace)
        do throws(FileError) { try file.write(bytes) } catch {
            discard(path)
            throw error
        }
    }

    /// Reads the whole file.
    ///
    /// - Parameter limit: larger files fail with ``FileError/isTooLarge``, before anything is read if the size is
    ///   known.
    public static func read(_ path: String, limit: Int = .max) throws(FileError) -> [UInt8] {
        let file = try OpenFile(path)
        let size = try file.status.size
        let tooLarge = FileError(operation: "read", path: path, code: EFBIG)
        guard size <= limit else { throw tooLarge }
        // One extra byte detects the end of the file without growing the buffer.
        var bytes = [UInt8](repeating: 0, count: size + 1)
        var filled = 0
        while true {
            if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
            let count = try bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(FileError) in
                    try file.readSome(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                }
            }.get()
            if count == 0 { break }
            filled += count
            // Pipes and devices do not report their size.
            guard filled <= limit else { throw tooLarge }
        }
        bytes.removeSubrange(filled...)
        return bytes
    }

    /// The bytes of a small file; nil if it cannot be read.
    public static func bytes(_ path: String) -> [UInt8]? { try? read(path) }

    /// The text of a small file; nil if it cannot be read.
    public static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    /// Renames a file or folder; a file replaces one that is there, a folder an empty one.
    public static func move(_ path: String, to other: String) throws(FileError) {
        try retried("replace", other) { rename(path, other) }
    }

    /// Removes a file, if it can be removed.
    public static func discard(_ path: String) { unlink(path) }

    /// Reserves an unused file in the folder for temporary files and opens it; the caller removes it.
    static func temporary() -> (path: String, descriptor: Int32) {
        var path = Array((Environment.temporaryFolder + "/lathe-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        return (String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self), descriptor)
    }
}
