import LatheSystem

/// Naive versions of the kernels: plain loops, sums in double, one thread. Tests and gradient checks compare against
/// them.
public enum Reference {
    public static func exponential(_ x: Double) -> Double { Math.exponential(x) }
    public static func logarithm(_ x: Double) -> Double { Math.logarithm(x) }
    /// 1 / (1 + exp(-x)).
    public static func sigmoid(_ x: Double) -> Double { 1 / (1 + Math.exponential(-x)) }
    /// tanh x = 2 sigmoid(2x) - 1.
    public static func tanh(_ x: Double) -> Double { 2 * sigmoid(2 * x) - 1 }
}
