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
/// `@unchecked Sendable`: the bytes never change (cache entries are replaced, never written to) and live as long as the
/// object.
public final class MappedFile: @unchecked Sendable {
    /// Valid only while this object lives: keep a reference, or use ``withBytes(_:)``.
    public let bytes: UnsafeBufferPointer<UInt8>
    public let path: String

    /// - Throws: ``DataError`` if the file cannot be read.
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

    /// Keeps the mapping alive while `body` runs.
    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(bytes) }
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}
