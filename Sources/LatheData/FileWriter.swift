import Crypto
import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes a file from front to back, hashing as it goes.
final class FileWriter {
    private let path: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    /// The bytes so far.
    private(set) var count = 0
    private static let bufferSize = 1 << 20

    init(_ path: String) throws(DataError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw DataError(path, "cannot be created: \(lastSystemError())") }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func append(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
        count += bytes.count
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize { try write(bytes) } else { buffer.append(contentsOf: bytes) }
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

    private func flush() throws(DataError) {
        // Typed throws do not pass through the closure of withUnsafeBytes.
        let result = buffer.withUnsafeBytes { bytes in Result { () throws(DataError) in try write(bytes) } }
        buffer.removeAll(keepingCapacity: true)
        try result.get()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
        hash.update(bufferPointer: bytes)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let written = writeBytes(descriptor, piece)
            if written < 0 {
                if errno == EINTR { continue }
                throw DataError(path, "cannot be written: \(lastSystemError()); LATHE_CACHE names another cache folder")
            }
            rest = rest.dropFirst(written)
        }
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
