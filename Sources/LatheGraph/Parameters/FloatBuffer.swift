#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Zeroed floats, page-aligned, straight from the system: pages cost memory only once they are touched.
///
/// `@unchecked Sendable`: the object hands out its address and nothing else; who writes through it and when is the executor's to order.
public final class FloatBuffer: @unchecked Sendable {
    /// The first element.
    public let base: UnsafeMutablePointer<Float>
    /// The number of elements.
    public let count: Int

    /// `count` zeros.
    ///
    /// - Throws: ``OutOfMemory`` when the system refuses them.
    public init(count: Int) throws(OutOfMemory) {
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let map = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let map, map != MAP_FAILED else { throw OutOfMemory(bytes: bytes) }
        #if os(Linux)
            if bytes >= 1 << 22 { madvise(map, bytes, MADV_HUGEPAGE) }
        #endif
        base = map.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    deinit { munmap(base, max(count, 1) * MemoryLayout<Float>.stride) }
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
