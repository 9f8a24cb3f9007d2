import LatheSystem
import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes a file sequentially and hashes as it goes. Everything written since a mark can be taken back.
final class FileWriter {
    private let path: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    /// Bytes flushed from the buffer.
    private var written = 0
    /// The position to roll back to, and the hash of everything before it once that has been flushed.
    private var mark: (count: Int, hash: SHA256?)?
    private static let bufferSize = 1 << 20

    init(_ path: String) throws(DataError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw DataError(path, "cannot be created: \(lastSystemError())") }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Writes a whole file, replacing an existing one.
    @discardableResult
    static func write(_ bytes: [UInt8], to path: String) throws(DataError) -> FileRecord {
        unlink(path)
        let writer = try FileWriter(path)
        try writer.append(bytes)
        return try writer.finish()
    }

    var count: Int { written + buffer.count }

    func append(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize { try write(bytes) } else { buffer.append(contentsOf: bytes) }
    }

    func append(_ bytes: [UInt8]) throws(DataError) {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(DataError) in try append(bytes) } }
        try result.get()
    }

    /// Flushes to disk, closes the file and returns its size and hash.
    func finish() throws(DataError) -> FileRecord {
        try flush()
        guard fsync(descriptor) == 0 else {
            throw DataError(path, "cannot be written to the disk: \(lastSystemError())")
        }
        let result = close(descriptor)
        descriptor = -1
        guard result == 0 else { throw DataError(path, "cannot be written: \(lastSystemError())") }
        return FileRecord(bytes: count, sha256: hexadecimal(hash.finalize()))
    }

    func setMark() { mark = (count, nil) }

    func rollBack() throws(DataError) {
        guard let mark else { preconditionFailure("there is no mark to roll back to in \(path)") }
        guard let before = mark.hash else {
            buffer.removeLast(count - mark.count)
            return
        }
        buffer.removeAll(keepingCapacity: true)
        guard ftruncate(descriptor, off_t(mark.count)) == 0, lseek(descriptor, off_t(mark.count), SEEK_SET) >= 0 else {
            throw DataError(path, "cannot be truncated: \(lastSystemError())")
        }
        written = mark.count
        hash = before
    }

    private func flush() throws(DataError) {
        // Flush what lies before the mark first, so that its hash is known.
        let needsHash = mark != nil && mark?.hash == nil
        let first = needsHash ? (mark?.count ?? 0) - written : buffer.count
        // Typed throws do not pass through the closure of withUnsafeBytes.
        let result = buffer.withUnsafeBytes { bytes in
            Result { () throws(DataError) in
                try write(UnsafeRawBufferPointer(rebasing: bytes[..<first]))
                if needsHash { mark?.hash = hash }
                try write(UnsafeRawBufferPointer(rebasing: bytes[first...]))
            }
        }
        buffer.removeAll(keepingCapacity: true)
        try result.get()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
        hash.update(bufferPointer: bytes)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = writeBytes(descriptor, piece)
            if count < 0 {
                if errno == EINTR { continue }
                throw DataError(
                    path, "cannot be written: \(lastSystemError()); set LATHE_CACHE to use another cache folder")
            }
            rest = rest.dropFirst(count)
        }
        written += bytes.count
    }
}

private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}

/// Size and SHA-256 that a file must have.
struct FileRecord: Codable, Hashable, Sendable {
    var bytes: Int
    var sha256: String
}
