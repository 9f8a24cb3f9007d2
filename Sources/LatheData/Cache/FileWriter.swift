import Crypto
import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes a file from front to back, hashing as it goes. What was written since a mark can be taken back.
final class FileWriter {
    private let path: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    /// The bytes that have left the buffer.
    private var written = 0
    /// A place to go back to, and the hash of what comes before it once that has left the buffer.
    private var mark: (count: Int, hash: SHA256?)?
    private static let bufferSize = 1 << 20

    init(_ path: String) throws(DataError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw DataError(path, "cannot be created: \(lastSystemError())") }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Writes a whole file, in place of one that is there.
    @discardableResult
    static func write(_ bytes: [UInt8], to path: String) throws(DataError) -> FileRecord {
        unlink(path)
        let writer = try FileWriter(path)
        try writer.append(bytes)
        return try writer.finish()
    }

    /// The bytes so far.
    var count: Int { written + buffer.count }

    func append(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize { try write(bytes) } else { buffer.append(contentsOf: bytes) }
    }

    func append(_ bytes: [UInt8]) throws(DataError) {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(DataError) in try append(bytes) } }
        try result.get()
    }

    /// Writes what is buffered to the disk, closes, and says what was written.
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

    /// Marks the place that ``rollBack()`` goes back to.
    func setMark() { mark = (count, nil) }

    /// Takes back what was written since the mark.
    func rollBack() throws(DataError) {
        guard let mark else { preconditionFailure("there is no mark to go back to in \(path)") }
        guard let before = mark.hash else {
            buffer.removeLast(count - mark.count)
            return
        }
        buffer.removeAll(keepingCapacity: true)
        guard ftruncate(descriptor, off_t(mark.count)) == 0, lseek(descriptor, off_t(mark.count), SEEK_SET) >= 0 else {
            throw DataError(path, "cannot be shortened: \(lastSystemError())")
        }
        written = mark.count
        hash = before
    }

    private func flush() throws(DataError) {
        // What lies before the mark goes first, so that its hash is at hand.
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
                throw DataError(path, "cannot be written: \(lastSystemError()); LATHE_CACHE names another cache folder")
            }
            rest = rest.dropFirst(count)
        }
        written += bytes.count
    }
}

private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}

/// What a file must be.
struct FileRecord: Codable, Hashable, Sendable {
    var bytes: Int
    var sha256: String
}

/// A digest in hexadecimal.
func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The SHA-256 of bytes, in hexadecimal.
func sha256(_ bytes: some Collection<UInt8>) -> String {
    var hash = SHA256()
    if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
        Array(bytes).withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hexadecimal(hash.finalize())
}
