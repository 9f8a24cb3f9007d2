import LatheSystem
import LatheComponents

/// Writes a file sequentially and hashes as it goes. Everything written since a mark can be taken back.
final class FileWriter {
    private let file: OpenFile
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    /// Bytes flushed from the buffer.
    private var written = 0
    /// The position to roll back to, and the hash of everything before it once that has been flushed.
    private var mark: (count: Int, hash: SHA256?)?
    private static let bufferSize = 1 << 20

    init(_ path: String) throws(DataError) {
        do throws(FileError) { file = try OpenFile(path, .new) } catch { throw DataError(error) }
        buffer.reserveCapacity(Self.bufferSize)
    }

    /// Writes a whole file, replacing an existing one.
    @discardableResult
    static func write(_ bytes: [UInt8], to path: String) throws(DataError) -> FileRecord {
        DurableFile.discard(path)
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
        do throws(FileError) {
            try file.sync()
            try file.close()
        } catch { throw DataError(error) }
        return FileRecord(bytes: count, sha256: hexadecimal(hash.finalize()))
    }

    func setMark() { mark = (count, nil) }

    func rollBack() throws(DataError) {
        guard let mark else { preconditionFailure("there is no mark to roll back to in \(file.path)") }
        guard let before = mark.hash else {
            buffer.removeLast(count - mark.count)
            return
        }
        buffer.removeAll(keepingCapacity: true)
        do throws(FileError) { try file.truncate(to: mark.count) } catch { throw DataError(error) }
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
        do throws(FileError) { try file.write(bytes) } catch {
            throw DataError(error, advice: "set LATHE_CACHE to use another cache folder")
        }
        written += bytes.count
    }
}

/// Size and SHA-256 that a file must have.
struct FileRecord: Codable, Hashable, Sendable {
    var bytes: Int
    var sha256: String
}
