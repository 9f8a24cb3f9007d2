#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Zeroed floats, page-aligned, straight from the system: pages cost memory only once they are touched.
///
/// From a megabyte on they lie in large pages where the system has them: products jump from row to row, and in small pages how much of a buffer fits the second cache
/// would depend on which pages the system happened to give.
///
/// `@unchecked Sendable`: the object hands out its address and nothing else; who writes through it and when is the executor's to order.
public final class FloatBuffer: @unchecked Sendable {
    /// The first element.
    public let base: UnsafeMutablePointer<Float>
    /// The number of elements.
    public let count: Int
    private let map: UnsafeMutableRawPointer
    private let mapped: Int
    private static let largePage = 1 << 21

    /// `count` zeros.
    ///
    /// - Throws: ``OutOfMemory`` when the system refuses them.
    public init(count: Int) throws(OutOfMemory) {
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let isLarge = bytes >= 1 << 20
        // Whole large pages, and room to begin at one.
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

/// The system refused memory.
public struct OutOfMemory: Error, Sendable, CustomStringConvertible {
    /// What was asked for.
    public var bytes: Int
    /// `out of memory: …`
    public var description: String {
        "out of memory: the system refused \(bytes >> 20) MB; use a smaller model, batch_size or micro_batch_size"
    }
}
