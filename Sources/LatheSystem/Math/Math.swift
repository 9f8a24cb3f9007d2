#if canImport(Glibc)
    public import Glibc
#elseif canImport(Musl)
    public import Musl
#else
    public import Darwin
#endif

/// The C library's functions. Their last bit depends on the library's version.
public enum Math {
    @inlinable public static func exponential(_ x: Double) -> Double { exp(x) }
    @inlinable public static func logarithm(_ x: Double) -> Double { log(x) }
    @inlinable public static func binaryLogarithm(_ x: Double) -> Double { log2(x) }
    @inlinable public static func decimalLogarithm(_ x: Double) -> Double { log10(x) }
    @inlinable public static func cosine(_ x: Double) -> Double { cos(x) }
    /// In single precision.
    @inlinable public static func logarithm(_ x: Float) -> Float { logf(x) }
    @inlinable public static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    /// The logarithm of |Γ(x)|, by `lgamma_r`: plain `lgamma` writes the sign to a global, which is a data race.
    public static func logGamma(_ x: Double) -> Double {
        var sign: Int32 = 0
        return lgamma_r(x, &sign)
    }
}
