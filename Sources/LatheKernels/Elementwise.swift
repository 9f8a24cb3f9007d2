import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Element-wise operations. The destination may be one of the sources.
public enum Elementwise {
    public static func add(_ pool: ThreadPool, a: Floats, b: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .add, count, y, a, b))
    }

    /// y += x.
    public static func accumulate(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .add, count, y, Floats(y), x))
    }

    public static func multiply(_ pool: ThreadPool, a: Floats, b: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .multiply, count, y, a, b))
    }

    /// y += a b.
    public static func multiplyAdd(_ pool: ThreadPool, a: Floats, b: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .multiplyAdd, count, y, a, b))
    }

    public static func scale(_ pool: ThreadPool, x: Floats, factor: Float, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .scale, count, y, x, x, value: factor))
    }

    /// y += factor x.
    public static func addScaled(_ pool: ThreadPool, x: Floats, factor: Float, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .addScaled, count, y, x, x, value: factor))
    }

    public static func copy(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .copy, count, y, x, x))
    }

    public static func fill(_ pool: ThreadPool, y: MutableFloats, value: Float, count: Int) {
        run(pool, ElementwiseJob(pool, .fill, count, y, Floats(y), Floats(y), value: value))
    }

    /// y [N, C] = x [N, C] + bias [C].
    public static func addBias(
        _ pool: ThreadPool, x: Floats, bias: Floats, y: MutableFloats, rows: Int, width: Int
    ) {
        let job = BiasJob(
            kernels: pool.kernels, cut: Cut(rows, grain: max(1, 16384 / max(1, width))), x: x, bias: bias, y: y,
            width: width)
        pool.run(job, slices: job.cut.slices)
    }

    /// sums [N] (=|+=) the sum of each row of x [N, C].
    public static func rowSums(
        _ pool: ThreadPool, x: Floats, sums: MutableFloats, rows: Int, width: Int, accumulate: Bool
    ) {
        let job = RowSums(
            kernels: pool.kernels, cut: Cut(rows, grain: max(1, 16384 / max(1, width))), x: x, sums: sums, width: width,
            accumulate: accumulate)
        pool.run(job, slices: job.cut.slices)
    }

    static func run(_ pool: ThreadPool, _ job: borrowing ElementwiseJob) { pool.run(job, slices: job.cut.slices) }
}

/// One pass over arrays of `count` elements.
struct ElementwiseJob: SliceJob {
    enum Operation {
        case add, multiply, multiplyAdd, scale, addScaled, copy, fill
        case exponential, sigmoid, tanh, relu, reluSquared, silu, gelu
        case sigmoidBackward, tanhBackward, reluBackward, reluSquaredBackward, siluBackward, geluBackward
    }
    let kernels: UnsafePointer<lathe_kernels>
    let operation: Operation
    let cut: Cut
    let y: MutableFloats, a: Floats, b: Floats
    let value: Float, accumulate: Int32

    init(
        _ pool: ThreadPool, _ operation: Operation, _ count: Int, _ y: MutableFloats, _ a: Floats, _ b: Floats,
        value: Float = 0, accumulate: Bool = false
    ) {
        kernels = pool.kernels
        self.operation = operation
        cut = Cut(count, grain: 16384)
        self.y = y
        self.a = a
        self.b = b
        self.value = value
        self.accumulate = accumulate ? 1 : 0
    }

    func run(_ slice: Int) {
        let r = cut.range(slice), n = r.count
        let y = y + r.lowerBound, a = a + r.lowerBound, b = b + r.lowerBound
        switch operation {
        case .add: kernels.pointee.add(a, b, y, n)
        case .multiply: kernels.pointee.multiply(a, b, y, n)
        case .multiplyAdd: kernels.pointee.multiply_add(a, b, y, n)
        case .scale: kernels.pointee.scale(a, value, y, n)
        case .addScaled: kernels.pointee.add_scaled(a, value, y, n)
        case .copy: memmove(y, a, n * MemoryLayout<Float>.size)
        case .fill: kernels.pointee.fill(value, y, n)
        case .exponential: kernels.pointee.exponential(a, y, n)
        case .sigmoid: kernels.pointee.sigmoid(a, y, n)
        case .tanh: kernels.pointee.hyperbolic_tangent(a, y, n)
        case .relu: kernels.pointee.relu(a, y, n)
        case .reluSquared: kernels.pointee.relu_squared(a, y, n)
        case .silu: kernels.pointee.silu(a, y, n)
        case .gelu: kernels.pointee.gelu(a, y, n)
        case .sigmoidBackward: kernels.pointee.sigmoid_backward(a, b, y, n, accumulate)
        case .tanhBackward: kernels.pointee.hyperbolic_tangent_backward(a, b, y, n, accumulate)
        case .reluBackward: kernels.pointee.relu_backward(a, b, y, n, accumulate)
        case .reluSquaredBackward: kernels.pointee.relu_squared_backward(a, b, y, n, accumulate)
        case .siluBackward: kernels.pointee.silu_backward(a, b, y, n, accumulate)
        case .geluBackward: kernels.pointee.gelu_backward(a, b, y, n, accumulate)
        }
    }
}

private struct BiasJob: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, bias: Floats, y: MutableFloats, width: Int
    func run(_ slice: Int) {
        for row in cut.range(slice) { kernels.pointee.add(x + row * width, bias, y + row * width, width) }
    }
}

private struct RowSums: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, sums: MutableFloats, width: Int, accumulate: Bool
    func run(_ slice: Int) {
        for row in cut.range(slice) {
            let sum = Float(kernels.pointee.sum(x + row * width, width))
            sums[row] = accumulate ? sums[row] + sum : sum
        }
    }
}
