#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Synchronization

/// An open file, closed when this value is released. A call that a signal interrupts is repeated.
public final class OpenFile: Sendable {
    public enum Mode: Sendable {
        case read
        /// Creates the file; fails if it exists.
        case new
        /// Creates the file, or empties it.
        case replace
        /// Creates the file, or writes into the existing one from its start.
        case update
        /// Creates the file, or writes at its end.
        case append
    }

    public let path: String
    /// -1 once closed.
    private let number: Atomic<Int32>

    var descriptor: Int32 { number.load(ordering: .relaxed) }

    public init(_ path: String, _ mode: Mode = .read) throws(FileError) {
        let (flags, operation) =
            switch mode {
            case .read: (O_RDONLY, "open")
            case .new: (O_WRONLY | O_CREAT | O_EXCL, "create")
            case .replace: (O_WRONLY | O_CREAT | O_TRUNC, "create")
            case .update: (O_RDWR | O_CREAT, "open")
            case .append: (O_RDWR | O_CREAT | O_APPEND, "open")
            }
        number = Atomic(try retried(operation, path) { open(path, flags | O_CLOEXEC, 0o666) })
        self.path = path
    }

    deinit { if descriptor >= 0 { systemClose(descriptor) } }

    /// Closes the file and reports what a network file system can only tell now.
    public func close() throws(FileError) {
        let open = number.exchange(-1, ordering: .relaxed)
        if open >= 0, systemClose(open) != 0 { throw FileError("close", path) }
    }

    public var status: FileStatus {
        get throws(FileError) {
            var status = stat()
            try retried("read", path) { fstat(descriptor, &status) }
            return FileStatus(status)
        }
    }

    /// Reads what is there, at most the size of the buffer; 0 only at the end of the file.
    public func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        try retried("read", path) { systemRead(descriptor, buffer.baseAddress, buffer.count) }
    }

    /// Fills the buffer as far as the file goes.
    ///
    /// - Parameter position: where to start; nil to continue after the last read.
    /// - Returns: the number of bytes.
    public func read(
        into buffer: UnsafeMutableRawBufferPointer, at position: Int? = nil
    ) throws(FileError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count: Int
            if let position {
                count = try retried("read", path) {
                    pread(descriptor, rest.baseAddress, rest.count, off_t(position + filled))
                }
            } else {
                count = try readSome(into: rest)
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// At most `count` bytes from `position` on.
    public func bytes(at position: Int, count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(FileError) in try read(into: buffer, at: position) }
        }
        bytes.removeSubrange(try result.get()...)
        return bytes
    }

    /// Writes all bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        try writeAll(bytes, to: descriptor, path: path)
    }

    public func write(_ bytes: [UInt8]) throws(FileError) {
        try bytes.withUnsafeBytes { buffer in Result { () throws(FileError) in try write(buffer) } }.get()
    }

    /// Waits until what was written is on the disk.
    public func sync() throws(FileError) { try retried("sync", path) { fsync(descriptor) } }

    /// Cuts the file off, and continues at its end.
    public func truncate(to size: Int) throws(FileError) {
        try retried("truncate", path) { ftruncate(descriptor, off_t(size)) }
        try retried("truncate", path) { lseek(descriptor, off_t(size), SEEK_SET) }
    }
}

/// The one place that repeats calls which a signal interrupted.
@discardableResult
func retried<Value: SignedInteger>(
    _ operation: String, _ path: String, _ call: () -> Value
) throws(FileError) -> Value {
    while true {
        let result = call()
        if result >= 0 { return result }
        guard errno == EINTR else { throw FileError(operation, path) }
    }
}

func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
        let count = try retried("write", path) { write(descriptor, rest.baseAddress, rest.count) }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
}

// Where methods of these names hide them.
@discardableResult
func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
