public import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The bytes of a file, mapped read-only.
///
/// `@unchecked Sendable`: the bytes never change (cache entries are replaced, not written to) and live as long as the object.
public final class MappedFile: @unchecked Sendable {
    /// The bytes, which live as long as this object: hold on to it, or use ``withBytes(_:)``.
    public let bytes: UnsafeBufferPointer<UInt8>
    /// The file.
    public let path: String

    /// Maps a file.
    ///
    /// - Throws: ``DataError`` where it cannot be read.
    public init(_ path: String) throws(DataError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DataError(path, "cannot be opened: \(lastSystemError())") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DataError(path, "cannot be read: \(lastSystemError())") }
        guard status.st_size > 0 else {  // nothing cannot be mapped
            bytes = UnsafeBufferPointer(start: nil, count: 0)
            return
        }
        let length = Int(status.st_size)
        guard let map = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED else {
            throw DataError(path, "cannot be mapped: \(lastSystemError())")
        }
        bytes = UnsafeBufferPointer(start: map.assumingMemoryBound(to: UInt8.self), count: length)
    }

    /// Calls `body` with the bytes, and keeps them alive meanwhile.
    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(bytes) }
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}
