#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
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
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError("create", path) }
        do throws(FileError) {
            try writeAll(bytes, to: file, path: path)
            guard fsync(file) == 0 else { throw FileError("sync", path) }
        } catch {
            close(file)
            unlink(temporary)
            throw error
        }
        guard close(file) == 0 else {
            let error = FileError("close", path)
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let error = FileError("replace", path)
            unlink(temporary)
            throw error
        }
        try DurableFolder.sync(Path.parent(of: path))
    }

    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        var failure: FileError?
        bytes.withUnsafeBytes { buffer in
            do throws(FileError) { try write(buffer, to: path) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    public static func write(_ text: String, to path: String) throws(FileError) {
        try write(Array(text.utf8), to: path)
    }

    /// Reads the whole file.
    ///
    /// - Parameter limit: larger files fail with `EFBIG`, before anything is read if the size is known.
    public static func read(_ path: String, limit: Int = .max) throws(FileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError("open", path) }
        defer { close(file) }
        var information = stat()
        guard fstat(file, &information) == 0 else { throw FileError("read", path) }
        guard Int(information.st_size) <= limit else {
            throw FileError(operation: "read", path: path, code: EFBIG)
        }
        // One extra byte detects the end of the file without growing the buffer.
        var bytes = [UInt8](repeating: 0, count: Int(information.st_size) + 1)
        var filled = 0
        while true {
            if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
            let count = bytes.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                    Glibc.read(file, buffer.baseAddress! + filled, buffer.count - filled)
                #else
                    Darwin.read(file, buffer.baseAddress! + filled, buffer.count - filled)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("read", path)
            }
            if count == 0 { break }
            filled += count
            // Pipes and devices do not report their size.
            guard filled <= limit else { throw FileError(operation: "read", path: path, code: EFBIG) }
        }
        bytes.removeSubrange(filled...)
        return bytes
    }

    /// Writes a file without waiting for the disk, for files that are checked when read and can be recreated.
    static func writeUnsynced(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError("create", path) }
        defer { close(file) }
        var failure: FileError?
        bytes.withUnsafeBytes { buffer in
            do throws(FileError) { try writeAll(buffer, to: file, path: path) } catch { failure = error }
        }
        if let failure {
            unlink(path)
            throw failure
        }
    }

    /// Renames a file over another; returns whether that worked.
    static func move(_ path: String, to other: String) -> Bool { rename(path, other) == 0 }

    /// Writes all bytes, retrying after interruptions and short writes.
    static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32, path: String) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let slice = UnsafeRawBufferPointer(rebasing: rest)
            #if canImport(Glibc)
                let count = Glibc.write(file, slice.baseAddress, slice.count)
            #else
                let count = Darwin.write(file, slice.baseAddress, slice.count)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("write", path)
            }
            rest = rest.dropFirst(count)
        }
    }
}
