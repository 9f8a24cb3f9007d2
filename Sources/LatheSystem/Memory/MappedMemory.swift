#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Zeroed memory mapped directly from the system: a page takes room only once it is touched.
///
/// `@unchecked Sendable`: the object only hands out its address.
public final class MappedMemory: @unchecked Sendable {
    /// Page-aligned.
    public let base: UnsafeMutableRawPointer
    private let map: UnsafeMutableRawPointer
    private let mapped: Int
    private static let largePage = 1 << 21

    /// Memory of at least 1 MiB uses large pages where the system supports them; it is then aligned to them.
    ///
    /// - Throws: ``FileError`` if the system refuses.
    public init(byteCount: Int) throws(FileError) {
        let isLarge = byteCount >= 1 << 20
        // Whole large pages, plus room to align the start.
        mapped =
            isLarge
            ? (byteCount + Self.largePage - 1) / Self.largePage * Self.largePage + Self.largePage : max(1, byteCount)
        let map = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let map, map != MAP_FAILED else { throw FileError("map", "memory") }
        self.map = map
        base = isLarge ? map.alignedUp(toMultipleOf: Self.largePage) : map
        if isLarge { Self.preferLargePages(base, byteCount: mapped - Self.largePage) }
    }

    /// Memory in a temporary file without a name, which disappears with the process; the system may page it out.
    ///
    /// - Throws: ``FileError`` if there is no room in the folder for temporary files.
    public init(inTemporaryFileOf byteCount: Int) throws(FileError) {
        let (path, descriptor) = DurableFile.temporary()
        guard descriptor >= 0 else { throw FileError("create", path) }
        defer { systemClose(descriptor) }
        DurableFile.discard(path)
        #if os(Linux)
            // Unless space is reserved, a full disk would kill the process.
            let code = posix_fallocate(descriptor, 0, off_t(byteCount))
        #else
            let code = ftruncate(descriptor, off_t(byteCount)) == 0 ? 0 : errno
        #endif
        guard code == 0 else { throw FileError(operation: "write", path: path, code: code) }
        guard let map = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), map != MAP_FAILED
        else { throw FileError("map", path) }
        (self.map, base, mapped) = (map, map, byteCount)
    }

    deinit { munmap(map, mapped) }

    /// Asks the system to use large pages for aligned memory.
    public static func preferLargePages(_ base: UnsafeMutableRawPointer, byteCount: Int) {
        #if os(Linux)
            madvise(base, byteCount, MADV_HUGEPAGE)
        #endif
    }
}

/// Frees what a C library allocated with `malloc`.
public func freeAllocated(_ memory: UnsafeMutableRawPointer?) { free(memory) }
