import CKernels

/// Sums and searches over arrays. Blocks depend only on the count and their sums are added in order, so results are
/// bit-identical for any number of threads.
public enum Reduction {
    public static func sumOfSquares(_ pool: ThreadPool, x: Floats, count: Int) -> Double {
        combined(pool, x, count, .squares).reduceInOrder()
    }

    /// The index of the first infinity or NaN in x.
    public static func firstNonFinite(_ pool: ThreadPool, x: Floats, count: Int) -> Int? {
        let least = combined(pool, x, count, .nonFinite).minimum()
        return least < Double(count) ? Int(least) : nil
    }

    /// sums [columns] (=|+=) the sum of each column of x [rows, columns].
    ///
    /// - Parameter stride: the distance between rows; nil: `columns`.
    public static func columnSums(
        _ pool: ThreadPool, x: Floats, stride: Int? = nil, sums: MutableFloats, rows: Int, columns: Int,
        accumulate: Bool
    ) {
        // Narrow slices walk down the rows: at least a few cache lines wide, and enough of them for many threads.
        let cut = rows * columns < 16384 ? Cut(columns, slices: 1) : Cut(columns, grain: 64, multiple: 16, limit: 64)
        let job = ColumnSums(
            kernels: pool.kernels, cut: cut, x: x, stride: stride ?? columns, sums: sums, rows: rows,
            accumulate: accumulate)
        pool.run(job, slices: cut.slices)
    }

    private static let blocks = 64

    private static func combined(_ pool: ThreadPool, _ x: Floats, _ count: Int, _ kind: BlockReduction.Kind) -> Partials
    {
        var partials = Partials()
        let cut = Cut(count, grain: 16384, multiple: 1024, limit: blocks)
        partials.count = cut.slices
        withUnsafeMutableBytes(of: &partials.values) { raw in
            let job = BlockReduction(
                kernels: pool.kernels, cut: cut, x: x, kind: kind,
                results: raw.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Double.self))
            pool.run(job, slices: cut.slices)
        }
        return partials
    }
}

/// The results of up to 64 blocks, on the stack.
private struct Partials {
    typealias Eight = (Double, Double, Double, Double, Double, Double, Double, Double)
    private static let zero: Eight = (0, 0, 0, 0, 0, 0, 0, 0)
    var values: (Eight, Eight, Eight, Eight, Eight, Eight, Eight, Eight) = (
        zero, zero, zero, zero, zero, zero, zero, zero
    )
    var count = 0

    private func fold(_ start: Double, _ combine: (Double, Double) -> Double) -> Double {
        withUnsafeBytes(of: values) { raw in
            raw.bindMemory(to: Double.self).prefix(count).reduce(start, combine)
        }
    }
    func reduceInOrder() -> Double { fold(0) { $0 + $1 } }
    func minimum() -> Double { fold(.infinity) { min($0, $1) } }
}

private struct BlockReduction: SliceJob {
    enum Kind { case squares, nonFinite }
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats
    let kind: Kind
    let results: UnsafeMutablePointer<Double>

    func run(_ slice: Int) {
        let r = cut.range(slice), start = x + r.lowerBound
        switch kind {
        case .squares: results[slice] = kernels.pointee.sum_of_squares(start, r.count)
        case .nonFinite:
            let index = kernels.pointee.first_non_finite(start, r.count)
            results[slice] = index < 0 ? .infinity : Double(r.lowerBound + index)
        }
    }
}

private struct ColumnSums: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, stride: Int
    let sums: MutableFloats
    let rows: Int, accumulate: Bool

    func run(_ slice: Int) {
        let r = cut.range(slice)
        if !accumulate { (sums + r.lowerBound).update(repeating: 0, count: r.count) }
        kernels.pointee.column_sums(x + r.lowerBound, stride, sums + r.lowerBound, rows, r.count)
    }
}

extension Reference {
    public static func sumOfSquares(x: Floats, count: Int) -> Double {
        var sum = 0.0
        for i in 0..<count { sum += Double(x[i]) * Double(x[i]) }
        return sum
    }
}
