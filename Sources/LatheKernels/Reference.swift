#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Naive versions of the kernels: plain loops, sums in double, one thread. Tests and gradient checks compare against
/// them.
public enum Reference {
    public static func exponential(_ x: Double) -> Double { exp(x) }
    public static func logarithm(_ x: Double) -> Double { log(x) }
    /// 1 / (1 + exp(-x)).
    public static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    /// tanh x = 2 sigmoid(2x) - 1.
    public static func tanh(_ x: Double) -> Double { 2 * sigmoid(2 * x) - 1 }
}
