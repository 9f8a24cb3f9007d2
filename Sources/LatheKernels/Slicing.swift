/// A division of `count` items into equal runs of at least `grain`, determined by the count alone.
struct Cut {
    let count: Int
    /// Length of every run but the last.
    let length: Int
    let slices: Int

    /// - Parameters:
    ///   - grain: minimum length of a run.
    ///   - multiple: each run is a multiple of this, so that slices start on cache lines.
    ///   - limit: maximum number of runs.
    init(_ count: Int, grain: Int, multiple: Int = 1, limit: Int = 4096) {
        self.count = count
        var length = max(grain, (count + limit - 1) / limit)
        length = (length + multiple - 1) / multiple * multiple
        slices = max(1, (count + length - 1) / length)
        self.length = length
    }

    /// Divides `count` into `slices` runs of nearly equal length.
    init(_ count: Int, slices: Int, multiple: Int = 1) {
        self.init(count, grain: max(1, (count + slices - 1) / slices), multiple: multiple)
    }

    @inline(__always)
    func range(_ slice: Int) -> Range<Int> {
        let start = min(count, slice * length)
        return start..<min(count, start + length)
    }
}

public typealias Floats = UnsafePointer<Float>
public typealias MutableFloats = UnsafeMutablePointer<Float>

/// Naive versions of the kernels: plain loops, sums in double, one thread. Tests and gradient checks compare against
/// them.
public enum Reference {}
