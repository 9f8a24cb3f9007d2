import CKernels
public import LatheKernels

// N ids, V entries of width C; B sequences of T positions.

/// Token embedding by id, and learned position embeddings.
public enum Embedding {
    /// y [N, C] = table [V, C] at ids [N].
    public static func forward(
        _ pool: ThreadPool, ids: UnsafePointer<Int32>, table: Floats, y: MutableFloats, rows: Int, width: Int
    ) {
        let job = EmbeddingForward(
            cut: Cut(rows, grain: max(1, 16384 / max(1, width))), ids: ids, table: table, y: y, width: width)
        pool.run(job, slices: job.cut.slices)
    }

    /// dTable [V, C] (=|+=) the sum of dy [N, C] over the rows of each id.
    ///
    /// Slices own columns and add rows in order, so that repeated ids sum identically for any number of threads.
    public static func backward(
        _ pool: ThreadPool, ids: UnsafePointer<Int32>, dy: Floats, dTable: MutableFloats, rows: Int, width: Int,
        vocabulary: Int, accumulate: Bool
    ) {
        if !accumulate { Elementwise.fill(pool, y: dTable, value: 0, count: vocabulary * width) }
        let cut = rows * width < 16384 ? Cut(width, slices: 1) : Cut(width, grain: 64, multiple: 16, limit: 64)
        let job = EmbeddingBackward(
            kernels: pool.kernels, cut: cut, ids: ids, dy: dy, dTable: dTable, rows: rows, width: width)
        pool.run(job, slices: cut.slices)
    }

    /// y [B, T, C] += table [firstPosition + t], the same for each sequence.
    public static func forwardPositions(
        _ pool: ThreadPool, table: Floats, y: MutableFloats, batch: Int, time: Int, width: Int, firstPosition: Int
    ) {
        let job = PositionsForward(
            kernels: pool.kernels, cut: Cut(batch * time, grain: max(1, 16384 / max(1, width))),
            table: table + firstPosition * width, y: y, time: time, width: width)
        pool.run(job, slices: job.cut.slices)
    }

    /// dTable [tableRows, C] (=|+=) the sum of dy [B, T, C] over sequences, at rows firstPosition ..< firstPosition +
    /// T.
    public static func backwardPositions(
        _ pool: ThreadPool, dy: Floats, dTable: MutableFloats, batch: Int, time: Int, width: Int, firstPosition: Int,
        accumulate: Bool, tableRows: Int
    ) {
        if !accumulate { Elementwise.fill(pool, y: dTable, value: 0, count: tableRows * width) }
        Reduction.columnSums(
            pool, x: dy, sums: dTable + firstPosition * width, rows: batch, columns: time * width, accumulate: true)
    }
}

private struct EmbeddingForward: SliceJob {
    let cut: Cut
    let ids: UnsafePointer<Int32>, table: Floats, y: MutableFloats, width: Int
    func run(_ slice: Int) {
        for row in cut.range(slice) { (y + row * width).update(from: table + Int(ids[row]) * width, count: width) }
    }
}

private struct EmbeddingBackward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let ids: UnsafePointer<Int32>, dy: Floats, dTable: MutableFloats, rows: Int, width: Int
    func run(_ slice: Int) {
        let r = cut.range(slice)
        for row in 0..<rows {
            let out = dTable + Int(ids[row]) * width + r.lowerBound
            kernels.pointee.add(out, dy + row * width + r.lowerBound, out, r.count)
        }
    }
}

private struct PositionsForward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let table: Floats, y: MutableFloats, time: Int, width: Int
    func run(_ slice: Int) {
        for row in cut.range(slice) {
            let out = y + row * width
            kernels.pointee.add(out, table + row % time * width, out, width)
        }
    }
}

extension Reference {
    /// dTable += dy over the rows of each id.
    public static func embeddingBackward(
        ids: UnsafePointer<Int32>, dy: Floats, dTable: MutableFloats, rows: Int, width: Int
    ) {
        for row in 0..<rows {
            for c in 0..<width { dTable[Int(ids[row]) * width + c] += dy[row * width + c] }
        }
    }
}
