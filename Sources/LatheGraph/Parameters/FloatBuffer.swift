#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Zeroed, page-aligned floats mapped directly from the system: a page takes memory only once it is touched.
///
/// Buffers of 1 MiB or more use large pages where the system supports them. Products jump from row to row; with small
/// pages, how much of a buffer fits in the L2 cache would depend on which physical pages the system assigned.
///
/// `@unchecked Sendable`: the object only hands out its address; the executor orders all writes through it.
public final class FloatBuffer: @unchecked Sendable {
    public let base: UnsafeMutablePointer<Float>
    public let count: Int
    private let map: UnsafeMutableRawPointer
    private let mapped: Int
    private static let largePage = 1 << 21

    /// - Throws: ``OutOfMemory`` if the system refuses the mapping.
    public init(count: Int) throws(OutOfMemory) {
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let isLarge = bytes >= 1 << 20
        // Whole large pages, plus room to align the start.
        mapped = isLarge ? (bytes + Self.largePage - 1) / Self.largePage * Self.largePage + Self.largePage : bytes
        let map = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let map, map != MAP_FAILED else { throw OutOfMemory(bytes: bytes) }
        self.map = map
        let start = isLarge ? map.alignedUp(toMultipleOf: Self.largePage) : map
        #if os(Linux)
            if isLarge { madvise(start, mapped - Self.largePage, MADV_HUGEPAGE) }
        #endif
        base = start.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    deinit { munmap(map, mapped) }
}

public struct OutOfMemory: Error, Sendable, CustomStringConvertible {
    /// The size requested.
    public var bytes: Int
    public var description: String {
        "out of memory: the system refused \(bytes >> 20) MB; use a smaller model, batch_size or micro_batch_size"
    }
}
