import LatheSystem

public struct StudentT: Sendable {
    /// Above 0; need not be a whole number.
    public let degreesOfFreedom: Double

    public init(degreesOfFreedom: Double) {
        precondition(degreesOfFreedom > 0, "degrees of freedom \(degreesOfFreedom) must be above 0")
        self.degreesOfFreedom = degreesOfFreedom
    }

    public func cumulative(_ t: Double) -> Double {
        let tail = twoSided(t) / 2
        return t > 0 ? 1 - tail : tail
    }

    /// P(|T| ≥ |t|) = I_{ν/(ν+t²)}(ν/2, 1/2). Relative error about 1e-12.
    public func twoSided(_ t: Double) -> Double {
        if t.isNaN { return .nan }
        if t.isInfinite { return 0 }
        let square = t * t
        return Beta.regularized(
            degreesOfFreedom / (degreesOfFreedom + square), complement: square / (degreesOfFreedom + square),
            degreesOfFreedom / 2, 0.5)
    }

    /// The inverse of ``cumulative(_:)``, by bisection on the tail: ±∞ at 0 and 1.
    public func quantile(_ probability: Double) -> Double {
        precondition((0...1).contains(probability), "probability \(probability) must lie in 0...1")
        if probability == 0.5 { return 0 }
        if probability < 0.5 { return -upperQuantile(tail: probability) }
        return upperQuantile(tail: 1 - probability)
    }

    private func upperQuantile(tail: Double) -> Double {
        if tail == 0 { return .infinity }
        var high = 1.0
        while twoSided(high) / 2 > tail, high < 1e300 { high *= 2 }
        var low = 0.0
        for _ in 0..<200 {
            let middle = low + (high - low) / 2
            if middle == low || middle == high { break }
            if twoSided(middle) / 2 > tail { low = middle } else { high = middle }
        }
        return low + (high - low) / 2
    }
}

/// The regularized incomplete beta function.
enum Beta {
    /// I_x(a, b), by Lentz's method for its continued fraction (Numerical Recipes, section 6.4), on the side where it
    /// converges fast.
    ///
    /// - Parameter complement: 1 − x, passed separately to keep precision when x is close to 1.
    static func regularized(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if complement <= 0 { return 1 }
        let logFront =
            Math.logGamma(a + b) - Math.logGamma(a) - Math.logGamma(b) + a * Math.logarithm(x) + b
            * Math.logarithm(complement)
        if x < (a + 1) / (a + b + 2) { return Math.exponential(logFront) * fraction(x, a, b) / a }
        return 1 - Math.exponential(logFront) * fraction(complement, b, a) / b
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / guarded(1 - (a + b) * x / (a + 1))
        var result = d
        for index in 1...10_000 {
            let m = Double(index)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / guarded(1 + even * d)
            c = guarded(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / guarded(1 + odd * d)
            c = guarded(1 + odd / c)
            let change = d * c
            result *= change
            if abs(change - 1) < 1e-16 { break }
        }
        return result
    }
}
