import CKernels
public import LatheKernels

// B sequences, T new positions, H heads of dimension D, width C = H D; caches hold Tmax positions.

extension CausalAttention {
    /// Attention of new positions to themselves and everything before them, for generation.
    ///
    /// Writes k and v of the T positions in qkv [B, T, 3C] to the caches [B, H, Tmax, D] at `position ..< position +
    /// T`; each query attends to all positions up to its own. out [B, T, C]; `scratch` has `cachedScratch(...)` floats.
    public static func forwardCached(
        _ pool: ThreadPool, qkv: Floats, keyCache: MutableFloats, valueCache: MutableFloats, out: MutableFloats,
        scratch: MutableFloats, batch: Int, time: Int, heads: Int, headDimension: Int, capacity: Int, position: Int
    ) {
        precondition(
            position >= 0 && position + time <= capacity,
            "positions \(position)..<\(position + time) do not fit a cache of \(capacity)")
        let job = CachedAttentionJob(
            kernels: pool.kernels, cut: cut(batch * heads), qkv: qkv, keyCache: keyCache, valueCache: valueCache,
            out: out, scratch: scratch, time: time, heads: heads, dimension: headDimension, capacity: capacity,
            position: position)
        pool.run(job, slices: job.cut.slices)
    }

    /// Floats of scratch for `forwardCached`.
    public static func cachedScratch(batch: Int, heads: Int, capacity: Int) -> Int {
        cut(batch * heads).slices * capacity
    }

    private static func cut(_ count: Int) -> Cut { Cut(count, grain: 1, limit: 64) }
}

private struct CachedAttentionJob: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let qkv: Floats, keyCache: MutableFloats, valueCache: MutableFloats, out: MutableFloats, scratch: MutableFloats
    let time: Int, heads: Int, dimension: Int, capacity: Int, position: Int

    func run(_ slice: Int) {
        let d = dimension, c = heads * d, p = scratch + slice * capacity
        let scale = 1 / Float(d).squareRoot()
        for index in cut.range(slice) {
            let b = index / heads, h = index % heads
            let keys = keyCache + index * capacity * d, values = valueCache + index * capacity * d
            for t in 0..<time {
                let row = qkv + (b * time + t) * 3 * c + h * d, length = position + t + 1
                (keys + (position + t) * d).update(from: row + c, count: d)
                (values + (position + t) * d).update(from: row + 2 * c, count: d)
                kernels.pointee.dots(row, keys, d, p, length, d)
                let maximum = kernels.pointee.maximum(p, length)
                let sum = kernels.pointee.exponential_sum(p, maximum, scale, length)
                let o = out + (b * time + t) * c + h * d
                o.update(repeating: 0, count: d)
                for j in 0..<length { kernels.pointee.add_scaled(values + j * d, p[j] / sum, o, d) }
            }
        }
    }
}
