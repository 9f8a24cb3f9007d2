import CKernels

/// Element-wise operations. The destination may be one of the sources.
public enum Elementwise {
    public static func add(_ pool: ThreadPool, a: Floats, b: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .add, count, y, a, b))
    }

    /// y += x.
    public static func accumulate(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .add, count, y, Floats(y), x))
    }

    public static func copy(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .copy, count, y, x, x))
    }

    public static func fill(_ pool: ThreadPool, y: MutableFloats, value: Float, count: Int) {
        run(pool, ElementwiseJob(pool, .fill, count, y, Floats(y), Floats(y), value: value))
    }

    private static func run(_ pool: ThreadPool, _ job: borrowing ElementwiseJob) {
        pool.run(job, slices: job.cut.slices)
    }
}

/// One pass over arrays of `count` elements.
private struct ElementwiseJob: SliceJob {
    enum Operation { case add, copy, fill }
    let kernels: UnsafePointer<lathe_kernels>
    let operation: Operation
    let cut: Cut
    let y: MutableFloats, a: Floats, b: Floats
    let value: Float

    init(
        _ pool: ThreadPool, _ operation: Operation, _ count: Int, _ y: MutableFloats, _ a: Floats, _ b: Floats,
        value: Float = 0
    ) {
        kernels = pool.kernels
        self.operation = operation
        cut = Cut(count, grain: 16384)
        self.y = y
        self.a = a
        self.b = b
        self.value = value
    }

    func run(_ slice: Int) {
        let r = cut.range(slice), n = r.count
        let y = y + r.lowerBound, a = a + r.lowerBound, b = b + r.lowerBound
        switch operation {
        case .add: kernels.pointee.add(a, b, y, n)
        case .copy: y.update(from: a, count: n)
        case .fill: kernels.pointee.fill(value, y, n)
        }
    }
}
