public enum SampleStatistics {
    /// nan for an empty sample.
    public static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// With n − 1 in the denominator; nil for fewer than two values.
    public static func standardDeviation(_ values: [Double]) -> Double? {
        guard values.count > 1 else { return nil }
        let mean = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot()
    }

    /// The mean of the two middle values if their number is even; nil for an empty sample.
    public static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Half the width of the t confidence interval of the mean, t · s / √n; nil for fewer than two values.
    public static func intervalHalfWidth(_ values: [Double], confidence: Double = 0.95) -> Double? {
        guard let deviation = standardDeviation(values) else { return nil }
        let quantile = StudentT(degreesOfFreedom: Double(values.count - 1)).quantile(1 - (1 - confidence) / 2)
        return quantile * deviation / Double(values.count).squareRoot()
    }
}
