import LatheSystem

/// Zeroed, page-aligned floats mapped directly from the system: a page takes memory only once it is touched.
///
/// Buffers of 1 MiB or more use large pages where the system supports them. Products jump from row to row; with small
/// pages, how much of a buffer fits in the L2 cache would depend on which physical pages the system assigned.
///
/// `@unchecked Sendable`: the object only hands out its address; the executor orders all writes through it.
public final class FloatBuffer: @unchecked Sendable {
    public let base: UnsafeMutablePointer<Float>
    public let count: Int
    private let memory: MappedMemory

    /// - Throws: ``OutOfMemory`` if the system refuses the mapping.
    public init(count: Int) throws(OutOfMemory) {
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        do throws(FileError) { memory = try MappedMemory(byteCount: bytes) } catch { throw OutOfMemory(bytes: bytes) }
        base = memory.base.bindMemory(to: Float.self, capacity: max(count, 1))
    }
}

public struct OutOfMemory: Error, Sendable, CustomStringConvertible {
    /// The size requested.
    public var bytes: Int
    public var description: String {
        "out of memory: the system refused \(bytes >> 20) MB; use a smaller model, batch_size or micro_batch_size"
    }
}
