/// A range of the arena and when it is in use.
public struct BufferLifetime: Sendable, Hashable {
    /// In floats.
    public var count: Int
    /// When it is first written.
    public var first: Int
    /// When it is last read.
    public var last: Int

    public init(count: Int, first: Int, last: Int) {
        self.count = count
        self.first = first
        self.last = last
    }
}

/// The place of every buffer of a program in the arena.
public struct MemoryPlan: Sendable {
    /// The first float of each buffer, in the order given.
    public var offsets: [Int]
    /// Size of the arena in floats.
    public var count: Int

    /// Places buffers so that no two that are in use at the same time overlap.
    ///
    /// Largest first, each into the lowest gap between the placed buffers whose lifetimes overlap its own. In practice
    /// within a few per cent of the peak sum of live buffers. Quadratic in the number of buffers.
    public init(_ buffers: [BufferLifetime]) {
        let alignment = 16
        func rounded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
        var placed: [(start: Int, end: Int, first: Int, last: Int)] = []  // ordered by start
        offsets = Array(repeating: 0, count: buffers.count)
        count = 0
        for index in buffers.indices.sorted(by: { (buffers[$1].count, $0) < (buffers[$0].count, $1) })
        where buffers[index].count > 0 {
            let buffer = buffers[index], size = rounded(buffer.count)
            var start = 0
            for other in placed where other.first <= buffer.last && buffer.first <= other.last {
                if other.start >= start + size { break }
                start = max(start, other.end)
            }
            offsets[index] = start
            count = max(count, start + size)
            let entry = (start: start, end: start + size, first: buffer.first, last: buffer.last)
            placed.insert(entry, at: placed.firstIndex { $0.start > start } ?? placed.endIndex)
        }
    }
}
