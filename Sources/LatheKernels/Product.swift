import COpenBLAS

// M, N, K: rows and columns of the result, and what is summed over.

/// Matrix products.
public enum Product {
    /// C (=|+=) alpha op(A) op(B) with op(A) [M, K], op(B) [K, N], C [M, N], row-major; op transposes where asked.
    ///
    /// `lda`, `ldb`, `ldc` are the distances between the rows of the arrays as they lie in memory.
    public static func multiply(
        _ pool: ThreadPool, m: Int, n: Int, k: Int, a: Floats, lda: Int, transposeA: Bool, b: Floats, ldb: Int,
        transposeB: Bool, c: MutableFloats, ldc: Int, accumulate: Bool, alpha: Float = 1
    ) {
        let job = ProductJob(
            m: m, n: n, k: k, a: a, lda: lda, transposeA: transposeA, b: b, ldb: ldb, transposeB: transposeB, c: c,
            ldc: ldc, accumulate: accumulate, alpha: alpha, bias: nil)
        pool.run(job, slices: job.rows.slices * job.columns.slices)
    }
}

/// A product cut into blocks of rows or of columns; each slice is one product on one thread.
struct ProductJob: SliceJob {
    let m: Int, n: Int, k: Int
    let a: Floats, lda: Int, transposeA: Bool
    let b: Floats, ldb: Int, transposeB: Bool
    let c: MutableFloats, ldc: Int
    let accumulate: Bool, alpha: Float
    let bias: Floats?
    let rows: Cut, columns: Cut

    init(
        m: Int, n: Int, k: Int, a: Floats, lda: Int, transposeA: Bool, b: Floats, ldb: Int, transposeB: Bool,
        c: MutableFloats, ldc: Int, accumulate: Bool, alpha: Float, bias: Floats?
    ) {
        self.m = m
        self.n = n
        self.k = k
        self.a = a
        self.lda = lda
        self.transposeA = transposeA
        self.b = b
        self.ldb = ldb
        self.transposeB = transposeB
        self.c = c
        self.ldc = ldc
        self.accumulate = accumulate
        self.alpha = alpha
        self.bias = bias
        (rows, columns) = Self.cut(m, n, k)
    }

    static func cut(_ m: Int, _ n: Int, _ k: Int) -> (Cut, Cut) {
        let whole = (Cut(m, slices: 1), Cut(n, slices: 1))
        guard Double(m) * Double(n) * Double(k) > 200_000 else { return whole }
        let wanted = 2
        if m >= n { return (Cut(m, slices: wanted, multiple: 16), whole.1) }
        return (whole.0, Cut(n, slices: wanted, multiple: 16))
    }

    func run(_ slice: Int) {
        let r = rows.range(slice / columns.slices), j = columns.range(slice % columns.slices)
        guard !r.isEmpty, !j.isEmpty else { return }
        let out = c + r.lowerBound * ldc + j.lowerBound
        if let bias {
            for row in 0..<r.count { (out + row * ldc).update(from: bias + j.lowerBound, count: j.count) }
        }
        cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            blasint(r.count), blasint(j.count), blasint(k), alpha,
            transposeA ? a + r.lowerBound : a + r.lowerBound * lda, blasint(lda),
            transposeB ? b + j.lowerBound * ldb : b + j.lowerBound, blasint(ldb),
            accumulate || bias != nil ? 1 : 0, out, blasint(ldc))
    }
}

extension Reference {
    /// C (=|+=) alpha op(A) op(B).
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
                let value = Double(alpha) * sum + (accumulate ? Double(c[i * ldc + j]) : 0)
                c[i * ldc + j] = Float(value)
            }
        }
    }
}
