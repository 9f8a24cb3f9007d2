public enum SampleSize {
    /// The number of values per sample, or of pairs, needed to detect a difference with a given power: the smallest n
    /// with |d| / se(n) ≥ t(1 − level/2) + t(power), both quantiles of Student's t with the degrees of freedom of n.
    /// Difference and variances are estimates, so the result is one too.
    ///
    /// - Parameters:
    ///   - variances: of the two samples; for pairs a single one, that of their differences.
    ///   - level: the two-sided level of the test, already divided if several are tested.
    ///   - limit: the largest n of interest.
    /// - Returns: nil if more than `limit` would be needed.
    public static func needed(
        difference: Double, variances: [Double], level: Double = 0.05, power: Double = 0.8, limit: Int = 1000
    ) -> Int? {
        let total = variances.reduce(0, +)
        let squares = variances.reduce(0) { $0 + $1 * $1 }
        func suffices(_ n: Int) -> Bool {
            let error = (total / Double(n)).squareRoot()
            if error == 0 { return difference != 0 }
            // The Welch–Satterthwaite formula with n values each; n − 1 for one sample of pairs.
            let student = StudentT(degreesOfFreedom: total * total / squares * Double(n - 1))
            return abs(difference) / error >= student.quantile(1 - level / 2) + student.quantile(power)
        }
        guard limit >= 2, suffices(limit) else { return nil }
        var (low, high) = (1, limit)
        while high - low > 1 {
            let middle = (low + high) / 2
            if suffices(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
