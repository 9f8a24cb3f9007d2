struct OpenBLASProductJob: SliceJob {
    let blas: OpenBLAS
    let m: Int, n: Int, k: Int
    let a: Matrix, b: Matrix
    let bias: Floats?
    let c: MutableFloats, ldc: Int
    let accumulate: Bool
    /// Cuts the rows of C.
    let cut: Cut

    /// By shape alone: OpenBLAS runs single-threaded within a slice, so results do not depend on the number of threads.
    static func cut(m: Int, n: Int, k: Int) -> Cut { Cut(m, grain: max(16, 4_000_000 / max(1, n * k))) }

    func run(_ slice: Int) {
        let rows = cut.range(slice)
        guard !rows.isEmpty else { return }
        let block = c + rows.lowerBound * ldc
        if let bias {
            for row in 0..<rows.count {
                for column in 0..<n {
                    block[row * ldc + column] = bias[column] + (accumulate ? block[row * ldc + column] : 0)
                }
            }
        }
        // With a single row the stride may be 1, but OpenBLAS requires it to span a row.
        let part = a.from(row: rows.lowerBound, column: 0)
        blas.multiply(
            OpenBLAS.rowMajor, part.columnStride == 1 ? OpenBLAS.noTranspose : OpenBLAS.transpose,
            b.columnStride == 1 ? OpenBLAS.noTranspose : OpenBLAS.transpose,
            Int32(rows.count), Int32(n), Int32(k), 1, part.start,
            Int32(part.columnStride == 1 ? max(k, part.rowStride) : max(rows.count, part.columnStride)), b.start,
            Int32(b.columnStride == 1 ? max(n, b.rowStride) : max(k, b.columnStride)),
            accumulate || bias != nil ? 1 : 0, block, Int32(ldc))
    }
}
