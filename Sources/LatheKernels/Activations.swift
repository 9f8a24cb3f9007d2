#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// gelu in its tanh form, x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): PyTorch's `approximate="tanh"`, GPT-2's
/// activation. Hendrycks, Gimpel, "Gaussian error linear units", 2016.
public enum Gelu {
    public static func forward(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        Elementwise.run(pool, ElementwiseJob(pool, .gelu, count, y, x, x))
    }

    /// dx (=|+=) dy gelu'(x).
    public static func backward(
        _ pool: ThreadPool, x: Floats, dy: Floats, dx: MutableFloats, count: Int, accumulate: Bool
    ) {
        Elementwise.run(pool, ElementwiseJob(pool, .geluBackward, count, dx, x, dy, accumulate: accumulate))
    }
}

/// Activations for custom ops. The backward pass of sigmoid and tanh takes the output y, the others the input x.
extension Elementwise {
    /// y = exp(x), with x clamped to -87.3 ... 88.3.
    public static func exp(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .exponential, count, y, x, x))
    }

    /// y = 1 / (1 + exp(-x)).
    public static func sigmoid(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .sigmoid, count, y, x, x))
    }

    /// dx (=|+=) dy y (1 - y).
    public static func sigmoidBackward(
        _ pool: ThreadPool, y: Floats, dy: Floats, dx: MutableFloats, count: Int, accumulate: Bool
    ) {
        run(pool, ElementwiseJob(pool, .sigmoidBackward, count, dx, y, dy, accumulate: accumulate))
    }

    public static func tanh(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .tanh, count, y, x, x))
    }

    /// dx (=|+=) dy (1 - y^2).
    public static func tanhBackward(
        _ pool: ThreadPool, y: Floats, dy: Floats, dx: MutableFloats, count: Int, accumulate: Bool
    ) {
        run(pool, ElementwiseJob(pool, .tanhBackward, count, dx, y, dy, accumulate: accumulate))
    }

    /// y = max(x, 0).
    public static func relu(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .relu, count, y, x, x))
    }

    /// dx (=|+=) dy where x > 0.
    public static func reluBackward(
        _ pool: ThreadPool, x: Floats, dy: Floats, dx: MutableFloats, count: Int, accumulate: Bool
    ) {
        run(pool, ElementwiseJob(pool, .reluBackward, count, dx, x, dy, accumulate: accumulate))
    }

    /// y = max(x, 0)^2. So et al., "Primer", 2021.
    public static func reluSquared(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .reluSquared, count, y, x, x))
    }

    /// dx (=|+=) dy 2 max(x, 0).
    public static func reluSquaredBackward(
        _ pool: ThreadPool, x: Floats, dy: Floats, dx: MutableFloats, count: Int, accumulate: Bool
    ) {
        run(pool, ElementwiseJob(pool, .reluSquaredBackward, count, dx, x, dy, accumulate: accumulate))
    }

    /// y = x / (1 + exp(-x)).
    public static func silu(_ pool: ThreadPool, x: Floats, y: MutableFloats, count: Int) {
        run(pool, ElementwiseJob(pool, .silu, count, y, x, x))
    }

    /// dx (=|+=) dy s (1 + x (1 - s)) with s = 1 / (1 + exp(-x)).
    public static func siluBackward(
        _ pool: ThreadPool, x: Floats, dy: Floats, dx: MutableFloats, count: Int, accumulate: Bool
    ) {
        run(pool, ElementwiseJob(pool, .siluBackward, count, dx, x, dy, accumulate: accumulate))
    }
}

extension Reference {
    public static func sigmoid(_ x: Double) -> Double {
        #if canImport(Glibc)
            1 / (1 + Glibc.exp(-x))
        #elseif canImport(Musl)
            1 / (1 + Musl.exp(-x))
        #else
            1 / (1 + Darwin.exp(-x))
        #endif
    }

    /// tanh x = 2 sigmoid(2x) - 1.
    public static func tanh(_ x: Double) -> Double { 2 * sigmoid(2 * x) - 1 }

    public static func gelu(_ x: Double) -> Double {
        x * sigmoid(2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))
    }

    public static func geluSlope(_ x: Double) -> Double {
        let root = (2 / Double.pi).squareRoot()
        let s = sigmoid(2 * root * (x + 0.044715 * x * x * x))
        return s + x * s * (1 - s) * 2 * root * (1 + 3 * 0.044715 * x * x)
    }
}
