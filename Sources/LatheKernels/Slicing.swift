/// A division of `count` items into equal runs of at least `grain`, determined by the count alone: a job that is cut
/// this way gives the same bits with any number of threads.
@frozen public struct Cut: Sendable {
    public let count: Int
    /// Length of every run but the last.
    public let length: Int
    public let slices: Int

    /// - Parameters:
    ///   - grain: minimum length of a run.
    ///   - multiple: each run is a multiple of this, so that slices start on cache lines.
    ///   - limit: maximum number of runs.
    public init(_ count: Int, grain: Int, multiple: Int = 1, limit: Int = 4096) {
        self.count = count
        var length = max(grain, (count + limit - 1) / limit)
        length = (length + multiple - 1) / multiple * multiple
        slices = max(1, (count + length - 1) / length)
        self.length = length
    }

    /// Divides `count` into `slices` runs of nearly equal length.
    public init(_ count: Int, slices: Int, multiple: Int = 1) {
        self.init(count, grain: max(1, (count + slices - 1) / slices), multiple: multiple)
    }

    /// The items of a slice; empty past the last.
    @inlinable
    public func range(_ slice: Int) -> Range<Int> {
        let start = min(count, slice * length)
        return start..<min(count, start + length)
    }
}

public typealias Floats = UnsafePointer<Float>
public typealias MutableFloats = UnsafeMutablePointer<Float>
