#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The bytes of a file, mapped read-only.
///
/// `@unchecked Sendable`: the bytes never change (files are replaced, never written to) and live as long as the object.
public final class MappedFile: @unchecked Sendable {
    /// Valid only while this object lives: keep a reference, or use ``withBytes(_:)``.
    public let bytes: UnsafeBufferPointer<UInt8>
    public let path: String

    public init(_ path: String) throws(FileError) {
        self.path = path
        let file = try OpenFile(path)
        let length = try file.status.size
        guard length > 0 else {  // nothing cannot be mapped
            bytes = UnsafeBufferPointer(start: nil, count: 0)
            return
        }
        guard let map = mmap(nil, length, PROT_READ, MAP_PRIVATE, file.descriptor, 0), map != MAP_FAILED else {
            throw FileError("map", path)
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
