/// A stretch of the arena, in use from one moment to another.
public struct BufferLifetime: Sendable, Hashable {
    /// Floats.
    public var count: Int
    /// The moment in which it is first written.
    public var first: Int
    /// The moment in which it is last read.
    public var last: Int

    /// A buffer used in the moments `first ... last`.
    public init(count: Int, first: Int, last: Int) {
        self.count = count
        self.first = first
        self.last = last
    }
}

/// Where every buffer of a program lies in the arena.
public struct MemoryPlan: Sendable {
    /// The first float of each buffer, in the order given.
    public var offsets: [Int]
    /// Floats in all.
    public var count: Int

    /// Places buffers so that two which are in use at once never overlap.
    ///
    /// The largest first, each into the lowest gap between those already placed whose lifetimes meet its own: within a few
    /// per cent of the largest sum of live buffers, on the graphs that occur. Quadratic in the number of buffers.
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
