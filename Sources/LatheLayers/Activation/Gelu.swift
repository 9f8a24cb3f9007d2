import CKernels
public import LatheKernels

/// gelu in its tanh form, x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): PyTorch's `approximate="tanh"`, GPT-2's
/// activation. Hendrycks, Gimpel, "Gaussian error linear units", 2016.
public enum Gelu {
    public static func forward(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        let job = GeluForward(kernels: pool.kernels, cut: cut(count), x: x, y: y)
        pool.run(job, slices: job.cut.slices)
    }

    /// dx (=|+=) dy gelu'(x).
    public static func backward(
        _ pool: ThreadPool, x: Floats, dy: Floats, dx: MutableFloats, count: Int, accumulate: Bool
    ) {
        let job = GeluBackward(
            kernels: pool.kernels, cut: cut(count), x: x, dy: dy, dx: dx, accumulate: accumulate)
        pool.run(job, slices: job.cut.slices)
    }

    private static func cut(_ count: Int) -> Cut { Cut(count, grain: 16384) }
}

private struct GeluForward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, y: MutableFloats
    func run(_ slice: Int) {
        let r = cut.range(slice)
        kernels.pointee.gelu(x + r.lowerBound, y + r.lowerBound, r.count)
    }
}

private struct GeluBackward: SliceJob {
    let kernels: UnsafePointer<lathe_kernels>
    let cut: Cut
    let x: Floats, dy: Floats, dx: MutableFloats, accumulate: Bool
    func run(_ slice: Int) {
        let r = cut.range(slice)
        kernels.pointee.gelu_backward(
            x + r.lowerBound, dy + r.lowerBound, dx + r.lowerBound, r.count, accumulate ? 1 : 0)
    }
}

extension Reference {
    public static func gelu(_ x: Double) -> Double { x * geluGate(x) }

    public static func geluSlope(_ x: Double) -> Double {
        let s = geluGate(x)
        return s + x * s * (1 - s) * 2 * (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
    }

    /// (1 + tanh u) / 2 is the logistic function of 2u.
    private static func geluGate(_ x: Double) -> Double {
        sigmoid(2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))
    }
}
