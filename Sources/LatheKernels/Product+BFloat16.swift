import CKernels

/// How the factors of matrix products are rounded. Sums are always in single precision.
public enum ProductPrecision: Sendable {
    /// fp32: no rounding.
    case single
    /// bfloat16, the upper half of fp32: 8 bits of precision, the same range.
    case bfloat16

    /// Whether this CPU supports it; bfloat16 needs AVX512-BF16.
    public var isAvailable: Bool { self == .single || lathe_pair_kernels() != nil }
}

extension Product {
    /// Maximum rows and depth of A rounded at a time: their pairs take half of the pool's workspace, the panels of B
    /// the other half.
    private static let blockRows = 1024, blockDepth = 1024

    /// C (=|+=) A B + bias with A and B rounded to bfloat16; C, bias and all sums are fp32.
    ///
    /// As in single precision, but each element holds two numbers along the depth. A block of A is rounded first, B is
    /// rounded as it is packed; then blocks of C are distributed over the threads.
    static func multiplyPairs(
        _ pool: ThreadPool, m: Int, n: Int, k: Int, a: Matrix, b: Matrix, bias: Floats?, c: MutableFloats, ldc: Int,
        accumulate: Bool
    ) {
        guard let kernels = pool.pairKernels else { preconditionFailure("a pool in bfloat16 has its kernels") }
        let half = ThreadPool.workspaceCount / 2, block = pool.workspace, panels = pool.workspace + half
        if isNarrow(m: m, n: n, k: k), m * ((k + 1) / 2) <= ThreadPool.workspaceCount {
            let round = RoundJob(kernels: kernels, a: a, out: block, rows: m, depth: k)
            pool.run(round, slices: round.cut.slices)
            let job = NarrowProductJob(
                kernels: PanelKernels(kernels), m: m, n: n, k: k, a: Matrix(block, (k + 1) / 2, transposed: false),
                b: b,
                bias: bias, c: c, ldc: ldc, accumulate: accumulate)
            pool.runLocal(job, slices: job.columns.slices)
            return
        }
        // With few rows, a deeper block fits.
        let depths = Cut(k, grain: min(4 * blockDepth, max(blockDepth, 2 * half / m / 2 * 2)))
        for part in 0..<depths.slices {
            let p = depths.range(part), pairs = (p.count + 1) / 2
            let room = half / pairs / panelUnit * panelUnit
            let columns = Cut(n, slices: (n + room - 1) / room, multiple: panelUnit)
            let rows = Cut(m, grain: min(m, max(1, half / pairs)))
            for chunk in 0..<columns.slices {
                let j = columns.range(chunk)
                guard !j.isEmpty else { continue }
                let pack = PackPairsJob(
                    kernels: kernels, b: b.from(row: p.lowerBound, column: j.lowerBound), panels: panels,
                    depth: p.count, columns: j.count)
                pool.run(pack, slices: pack.cut.slices)
                for band in 0..<rows.slices {
                    let i = rows.range(band)
                    guard !i.isEmpty else { continue }
                    // If there is only one band, it stays rounded for all columns.
                    if chunk == 0 || rows.slices > 1 {
                        let round = RoundJob(
                            kernels: kernels, a: a.from(row: i.lowerBound, column: p.lowerBound), out: block,
                            rows: i.count, depth: p.count)
                        pool.run(round, slices: round.cut.slices)
                    }
                    let job = ProductJob(
                        kernels: PanelKernels(kernels), m: i.count, n: j.count, k: pairs,
                        a: Matrix(block, pairs, transposed: false), panels: panels,
                        bias: part == 0 ? bias.map { $0 + j.lowerBound } : nil,
                        c: c + i.lowerBound * ldc + j.lowerBound, ldc: ldc, accumulate: accumulate || part > 0)
                    pool.runLocal(job, slices: job.slices)
                }
            }
        }
    }

    /// Rounds x [count] to bfloat16, two numbers in the 32 bits of a float: pairs [(count + 1) / 2].
    ///
    /// Needs a bfloat16 pool.
    public static func round(_ pool: ThreadPool, _ x: Floats, pairs: MutableFloats, count: Int) {
        guard let kernels = pool.pairKernels else { preconditionFailure("a pool in bfloat16 has its kernels") }
        let job = RoundAllJob(kernels: kernels, x: x, pairs: pairs, cut: Cut(count, grain: 32768, multiple: 32))
        pool.run(job, slices: job.cut.slices)
    }

    /// C (=|+=) A W^T + bias: A [m, k], W [n, k], C [m, n] with rows `ldc` apart.
    ///
    /// - Parameter rounded: W in pairs, if available. Used for few rows of A: each row of W is then read sequentially,
    ///   at memory speed. Ignored in fp32 and for odd k.
    public static func multiply(
        _ pool: ThreadPool, m: Int, n: Int, k: Int, a: Floats, weight: Floats, rounded: Floats?, bias: Floats?,
        c: MutableFloats, ldc: Int, accumulate: Bool
    ) {
        guard let rounded, let kernels = pool.pairKernels, m <= fewRows, n > 0, k > 0, k % 2 == 0,
            k / 2 + (accumulate ? n : 0) <= ThreadPool.localCount
        else {
            return multiply(
                pool, m: m, n: n, k: k, a: Matrix(a, k, transposed: false), b: Matrix(weight, k, transposed: true),
                bias: bias, c: c, ldc: ldc, accumulate: accumulate)
        }
        let job = VectorProductJob(
            kernels: PanelKernels(kernels), add: pool.kernels.pointee.add, m: m, n: n, k: k,
            a: Matrix(a, k, transposed: false), b: Matrix(rounded, k / 2, transposed: true), bias: bias, c: c, ldc: ldc,
            accumulate: accumulate)
        pool.runLocal(job, slices: job.cut.slices)
    }
}

private struct RoundAllJob: SliceJob {
    let kernels: UnsafePointer<lathe_pair_kernels>
    let x: Floats, pairs: MutableFloats, cut: Cut

    func run(_ slice: Int) {
        let r = cut.range(slice)
        kernels.pointee.round_pairs(x + r.lowerBound, pairs + r.lowerBound / 2, r.count)
    }
}

/// Rounds A [rows, depth] to pairs [rows, (depth + 1) / 2].
private struct RoundJob: SliceJob {
    let kernels: UnsafePointer<lathe_pair_kernels>
    let a: Matrix, out: MutableFloats, rows: Int, depth: Int
    /// Cuts the rows, or the depth if the numbers of a column are adjacent, so that reads are sequential.
    let cut: Cut

    init(kernels: UnsafePointer<lathe_pair_kernels>, a: Matrix, out: MutableFloats, rows: Int, depth: Int) {
        self.kernels = kernels
        self.a = a
        self.out = out
        self.rows = rows
        self.depth = depth
        cut =
            a.columnStride == 1
            ? Cut(rows, grain: max(1, 32768 / depth)) : Cut(depth, grain: max(32, 32768 / rows), multiple: 32)
    }

    func run(_ slice: Int) {
        let r = cut.range(slice), pairs = (depth + 1) / 2
        guard !r.isEmpty else { return }
        if a.columnStride == 1 {
            for row in r { kernels.pointee.round_pairs(a.start + row * a.rowStride, out + row * pairs, depth) }
        } else {
            kernels.pointee.turn_pairs(
                a.start + r.lowerBound * a.columnStride, a.columnStride, out + r.lowerBound / 2, pairs, r.count, rows)
        }
    }
}

/// Rounds B [depth, columns] and packs it into consecutive panels of pairs.
private struct PackPairsJob: SliceJob {
    let kernels: UnsafePointer<lathe_pair_kernels>
    let b: Matrix, panels: MutableFloats, depth: Int, columns: Int
    /// Cuts the panels, or the depth if the numbers of a row are adjacent, so that reads are sequential.
    let cut: Cut
    private static let width = Product.panelUnit

    init(kernels: UnsafePointer<lathe_pair_kernels>, b: Matrix, panels: MutableFloats, depth: Int, columns: Int) {
        self.kernels = kernels
        self.b = b
        self.panels = panels
        self.depth = depth
        self.columns = columns
        cut =
            b.columnStride == 1
            ? Cut(depth, grain: max(2, 32768 / columns), multiple: 2)
            : Cut((columns + Self.width - 1) / Self.width, grain: max(1, 16384 / (depth * Self.width)))
    }

    func run(_ slice: Int) {
        let r = cut.range(slice), isAlongRows = b.columnStride == 1
        guard !r.isEmpty else { return }
        let p = isAlongRows ? r : 0..<depth
        for j in stride(
            from: isAlongRows ? 0 : r.lowerBound * Self.width,
            to: isAlongRows ? columns : min(columns, r.upperBound * Self.width), by: Self.width)
        {
            let from = b.from(row: p.lowerBound, column: j)
            kernels.pointee.pack_pairs(
                from.start, b.rowStride, b.columnStride,
                panels + j * ((depth + 1) / 2) + p.lowerBound / 2 * Self.width, Self.width, p.count,
                min(Self.width, columns - j))
        }
    }
}

extension Reference {
    /// x rounded to bfloat16, to nearest, ties to even; subnormals become zero.
    public static func bfloat16(_ x: Float) -> Float {
        guard x.isFinite else { return x }
        let bits = x.bitPattern
        if x.isSubnormal { return 0 }
        return Float(bitPattern: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) & 0xffff_0000)
    }
}
