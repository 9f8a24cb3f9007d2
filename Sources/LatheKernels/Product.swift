import CKernels

// C is M x N, summed over K.

public enum Product {
    /// C (=|+=) op(A) op(B) with op(A) [M, K], op(B) [K, N], C [M, N], row-major; op optionally transposes.
    ///
    /// `lda`, `ldb`, `ldc` are the distances between the rows of the arrays as stored.
    public static func multiply(
        _ pool: ThreadPool, m: Int, n: Int, k: Int, a: Floats, lda: Int, transposeA: Bool, b: Floats, ldb: Int,
        transposeB: Bool, c: MutableFloats, ldc: Int, accumulate: Bool
    ) {
        multiply(
            pool, m: m, n: n, k: k, a: Matrix(a, lda, transposed: transposeA),
            b: Matrix(b, ldb, transposed: transposeB),
            bias: nil, c: c, ldc: ldc, accumulate: accumulate)
    }

    /// C (=|+=) A B + bias, with the same bias for each row.
    ///
    /// As much of B as fits is packed into panels in the pool's workspace; then blocks of C are distributed over the
    /// threads. In bfloat16, ``multiplyPairs`` does this.
    public static func multiply(
        _ pool: ThreadPool, m: Int, n: Int, k: Int, a: Matrix, b: Matrix, bias: Floats?, c: MutableFloats, ldc: Int,
        accumulate: Bool
    ) {
        guard m > 0, n > 0 else { return }
        if m <= fewRows, b.rowStride == 1, a.columnStride == 1, k > 0 {
            let job = VectorProductJob(
                kernels: PanelKernels(pool.kernels), add: pool.kernels.pointee.add, m: m, n: n, k: k, a: a, b: b,
                bias: bias, c: c, ldc: ldc, accumulate: accumulate)
            pool.runLocal(job, slices: job.cut.slices)
            return
        }
        if pool.precision == .bfloat16, k > 0 {
            multiplyPairs(
                pool, m: m, n: n, k: k, a: a, b: b, bias: bias, c: c, ldc: ldc, accumulate: accumulate)
            return
        }
        if pool.products == .openBLAS, let blas = OpenBLAS.installed, k > 0 {
            let job = OpenBLASProductJob(
                blas: blas, m: m, n: n, k: k, a: a, b: b, bias: bias, c: c, ldc: ldc, accumulate: accumulate,
                cut: OpenBLASProductJob.cut(m: m, n: n, k: k))
            pool.run(job, slices: job.cut.slices)
            return
        }
        let kernels = PanelKernels(pool.kernels)
        if isNarrow(m: m, n: n, k: k) {
            let job = NarrowProductJob(
                kernels: kernels, m: m, n: n, k: k, a: a, b: b, bias: bias, c: c, ldc: ldc, accumulate: accumulate)
            pool.runLocal(job, slices: job.columns.slices)
            return
        }
        let depths = Cut(k, slices: max(1, (k + 4095) / 4096))
        let room = ThreadPool.workspaceCount / max(1, min(k, depths.length)) / panelUnit * panelUnit
        let columns = Cut(n, slices: (n + room - 1) / room, multiple: panelUnit)
        for chunk in 0..<columns.slices {
            let j = columns.range(chunk)
            guard !j.isEmpty else { continue }
            for part in 0..<depths.slices {
                let p = depths.range(part)
                let pack = PackJob(
                    kernels: kernels, b: b.from(row: p.lowerBound, column: j.lowerBound), panels: pool.workspace,
                    depth: p.count, columns: j.count)
                pool.run(pack, slices: pack.cut.slices)
                let job = ProductJob(
                    kernels: kernels, m: m, n: j.count, k: p.count, a: a.from(row: 0, column: p.lowerBound),
                    panels: pool.workspace, bias: part == 0 ? bias.map { $0 + j.lowerBound } : nil,
                    c: c + j.lowerBound, ldc: ldc, accumulate: accumulate || part > 0)
                pool.runLocal(job, slices: job.slices)
            }
        }
    }

    /// Whether each slice should pack the panel of B that it multiplies, for all rows of A: few rows, and enough panels
    /// for all threads.
    static func isNarrow(m: Int, n: Int, k: Int) -> Bool {
        m <= 1024 && n >= 8 * panelUnit && k <= 4096 && n * k >= 1 << 18
    }

    /// Columns are cut at multiples of this: one panel at the widest SIMD level, a whole number of panels at the
    /// others.
    static let panelUnit = 64
    /// So many rows of A, or fewer, multiply a transposed B where it lies: to pack it would cost more.
    public static let fewRows = 4
}

/// Element (i, j) is at `start[i rowStride + j columnStride]`.
@frozen public struct Matrix {
    public let start: Floats
    public let rowStride: Int, columnStride: Int

    /// An array with rows `stride` apart, or its transpose.
    @inlinable
    public init(_ start: Floats, _ stride: Int, transposed: Bool) {
        self.start = start
        rowStride = transposed ? 1 : stride
        columnStride = transposed ? stride : 1
    }
    @inlinable
    public init(_ start: Floats, rowStride: Int, columnStride: Int) {
        self.start = start
        self.rowStride = rowStride
        self.columnStride = columnStride
    }
    /// The part from an element on.
    @inlinable
    public func from(row: Int, column: Int) -> Matrix {
        Matrix(
            start + row * rowStride + column * columnStride, rowStride: rowStride, columnStride: columnStride)
    }
}

/// The leaf loops of products in one precision, for a layer that packs a factor once and multiplies by it often. A
/// panel is a factor's columns, at most ``width`` of them, packed row by row.
@frozen public struct PanelKernels {
    /// Columns per panel.
    public let width: Int
    /// Numbers along the depth per element of a factor: two in bfloat16.
    public let numbers: Int
    /// `pack(b, rowStride, columnStride, panel, width, depth, columns)`: a panel [elements(depth), width], zero-padded,
    /// of b [depth, columns].
    public let pack: @convention(c) (Floats, Int, Int, MutableFloats, Int, Int, Int) -> Void
    /// `multiply(a, rowStride, columnStride, panel, width, start, c, ldc, rows, depth, columns, accumulate)`: c [rows,
    /// columns] (=|+=) a [rows, depth] panel, beginning with the row `start` if there is one; a and `depth` in
    /// elements.
    public let multiply:
        @convention(c) (Floats, Int, Int, Floats, Int, Floats?, MutableFloats, Int, Int, Int, Int, Int32) -> Void
    /// `dots(a, b, stride, y, rows, depth)`: y[r] = a [depth] times row r of b, rows `stride` apart, all in elements.
    public let dots: @convention(c) (Floats, Floats, Int, MutableFloats, Int, Int) -> Void
    /// `round(x, y, count)` converts numbers to elements; nil if they are the same.
    public let round: (@convention(c) (Floats, MutableFloats, Int) -> Void)?

    /// In the precision of a pool.
    public init(_ pool: ThreadPool) {
        self = pool.pairKernels.map { PanelKernels($0) } ?? PanelKernels(pool.kernels)
    }

    init(_ kernels: UnsafePointer<lathe_kernels>) {
        width = Int(kernels.pointee.panel_columns)
        numbers = 1
        pack = kernels.pointee.pack_panel
        multiply = kernels.pointee.multiply_panel
        dots = kernels.pointee.dots
        round = nil
    }

    init(_ kernels: UnsafePointer<lathe_pair_kernels>) {
        width = Product.panelUnit
        numbers = 2
        pack = kernels.pointee.pack_pairs
        multiply = kernels.pointee.multiply_panel
        dots = kernels.pointee.dots
        round = kernels.pointee.round_pairs
    }

    /// Elements needed for a depth.
    @inlinable
    public func elements(_ depth: Int) -> Int { (depth + numbers - 1) / numbers }
}

/// Packs B [depth, columns] into consecutive panels.
struct PackJob: SliceJob {
    let kernels: PanelKernels
    let b: Matrix
    let panels: MutableFloats
    let depth: Int, columns: Int
    /// Cuts the panels.
    let cut: Cut

    init(kernels: PanelKernels, b: Matrix, panels: MutableFloats, depth: Int, columns: Int) {
        self.kernels = kernels
        self.b = b
        self.panels = panels
        self.depth = depth
        self.columns = columns
        let count = (columns + kernels.width - 1) / kernels.width
        cut = Cut(count, grain: max(1, 16384 / max(1, depth * kernels.width)))
    }

    func run(_ slice: Int) {
        let width = kernels.width
        for panel in cut.range(slice) {
            let j = panel * width, out = panels + panel * width * depth
            kernels.pack(
                b.start + j * b.columnStride, b.rowStride, b.columnStride, out, width, depth, min(width, columns - j))
        }
    }
}

/// C [m, n] from A and packed panels, both with k elements along the depth; a slice owns a block of rows and columns.
struct ProductJob: LocalSliceJob {
    let kernels: PanelKernels
    let m: Int, n: Int, k: Int
    let a: Matrix
    let panels: Floats
    let bias: Floats?
    let c: MutableFloats, ldc: Int
    let accumulate: Bool
    let rows: Cut, columns: Cut, depths: Cut

    init(
        kernels: PanelKernels, m: Int, n: Int, k: Int, a: Matrix, panels: Floats, bias: Floats?,
        c: MutableFloats, ldc: Int, accumulate: Bool
    ) {
        self.kernels = kernels
        self.m = m
        self.n = n
        self.k = k
        self.a = a
        self.panels = panels
        self.bias = bias
        self.c = c
        self.ldc = ldc
        self.accumulate = accumulate
        // Blocks of at least about 100,000 multiply-adds, at most about 64 of them; whole rows of panels first, since
        // they share A.
        let work = max(1, m * n * k)
        let wanted = max(1, min(48, work / 1_500_000))
        let heights = min(wanted, max(1, m / 96))
        rows = Cut(m, slices: heights, multiple: heights > 1 ? 12 : 1)
        columns = Cut(n, slices: max(1, wanted / heights), multiple: Product.panelUnit)
        depths = Cut(k, slices: max(1, (k + 383) / 512))
    }

    var slices: Int { rows.slices * columns.slices }

    func run(_ slice: Int, local: MutableFloats) {
        let r = rows.range(slice / columns.slices), j = columns.range(slice % columns.slices)
        guard !r.isEmpty, !j.isEmpty else { return }
        let width = kernels.width
        for part in 0..<depths.slices {
            let p = depths.range(part)
            let left = a.from(row: r.lowerBound, column: p.lowerBound)
            for column in stride(from: j.lowerBound, to: j.upperBound, by: width) {
                let cells = min(width, j.upperBound - column)
                var first: Floats?
                if let bias, part == 0 {
                    local.update(from: bias + column, count: cells)
                    first = Floats(local)
                }
                kernels.multiply(
                    left.start, left.rowStride, left.columnStride, panels + column * k + p.lowerBound * width, width,
                    first, c + r.lowerBound * ldc + column, ldc, r.count, p.count, cells,
                    accumulate || part > 0 ? 1 : 0)
            }
        }
    }
}

/// C from few rows of A, in elements: a slice owns a panel's columns and packs the panel into its own cache right
/// before using it.
struct NarrowProductJob: LocalSliceJob {
    let kernels: PanelKernels
    let m: Int, n: Int, k: Int
    let a: Matrix, b: Matrix, bias: Floats?
    let c: MutableFloats, ldc: Int, accumulate: Bool

    var columns: Cut { Cut(n, grain: Product.panelUnit) }

    func run(_ slice: Int, local: MutableFloats) {
        let columns = columns.range(slice), most = 960 * kernels.numbers
        let depths = Cut(k, slices: (k + most - 1) / most, multiple: kernels.numbers)
        let width = kernels.width, start = local, panel = local + Product.panelUnit
        for column in stride(from: columns.lowerBound, to: columns.upperBound, by: width) {
            let cells = min(width, columns.upperBound - column)
            var first: Floats?
            if let bias {
                start.update(from: bias + column, count: cells)
                first = Floats(start)
            }
            for part in 0..<depths.slices {
                let p = depths.range(part)
                let left = a.from(row: 0, column: p.lowerBound / kernels.numbers)
                let right = b.from(row: p.lowerBound, column: column)
                kernels.pack(
                    right.start, right.rowStride, right.columnStride, panel, width, p.count, cells)
                kernels.multiply(
                    left.start, left.rowStride, left.columnStride, panel, width, part == 0 ? first : nil, c + column,
                    ldc, m, kernels.elements(p.count), cells, accumulate || part > 0 ? 1 : 0)
            }
        }
    }
}

/// C (=|+=) A B^T + bias for few rows of A, in numbers; B is in elements. Each row of the stored B is read
/// sequentially, at memory speed.
struct VectorProductJob: LocalSliceJob {
    let kernels: PanelKernels
    let add: @convention(c) (Floats, Floats, MutableFloats, Int) -> Void
    let m: Int, n: Int, k: Int
    let a: Matrix, b: Matrix, bias: Floats?
    let c: MutableFloats, ldc: Int, accumulate: Bool

    var cut: Cut { Cut(n, grain: max(16384 * kernels.numbers / k, n / 64), multiple: 16) }

    func run(_ slice: Int, local: MutableFloats) {
        let columns = cut.range(slice), depth = kernels.elements(k)
        for i in 0..<m {
            let out = c + i * ldc + columns.lowerBound
            var left = a.start + i * a.rowStride, free = local
            if let round = kernels.round {
                // Each slice rounds the row itself: it is short compared with what it is multiplied by.
                round(left, local, k)
                left = Floats(local)
                free += depth
            }
            let dots = accumulate ? free : out
            kernels.dots(
                left, b.start + columns.lowerBound * b.columnStride, b.columnStride, dots, columns.count, depth)
            if let bias { add(dots, bias + columns.lowerBound, dots, columns.count) }
            if accumulate { add(out, dots, out, columns.count) }
        }
    }
}

extension Reference {
    public static func multiply(
        m: Int, n: Int, k: Int, a: Floats, lda: Int, transposeA: Bool, b: Floats, ldb: Int, transposeB: Bool,
        c: MutableFloats, ldc: Int, accumulate: Bool, alpha: Float = 1
    ) {
        for i in 0..<m {
            for j in 0..<n {
                var sum = 0.0
                for p in 0..<k {
                    let left = transposeA ? a[p * lda + i] : a[i * lda + p]
                    let right = transposeB ? b[j * ldb + p] : b[p * ldb + j]
                    sum += Double(left) * Double(right)
                }
                let value = sum + (accumulate ? Double(c[i * ldc + j]) : 0)
                c[i * ldc + j] = Float(value)
            }
        }
    }
}
