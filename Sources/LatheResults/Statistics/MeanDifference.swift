/// A t test of the difference between two means.
public struct MeanDifference: Sendable, Equatable {
    /// How the two samples are related.
    public enum Method: String, Codable, Sendable {
        /// Independent samples, with possibly unequal variances (Welch, 1947).
        case welch
        /// Paired values, such as runs with the same seed.
        case paired
    }

    /// How the two samples are related.
    public var method: Method
    /// Mean of the first minus mean of the second.
    public var difference: Double
    /// The standard error of ``difference``.
    public var standardError: Double
    /// By the Welch–Satterthwaite formula for independent samples; n − 1 for pairs.
    public var degreesOfFreedom: Double

    /// difference / standardError; 0 if the difference is 0.
    public var t: Double { difference == 0 ? 0 : difference / standardError }

    /// The two-sided p-value.
    public var probability: Double { StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(t) }

    public func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
        let half = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(1 - (1 - confidence) / 2) * standardError
        return (difference - half)...(difference + half)
    }

    /// Nil if either sample has fewer than two values or any value is not finite.
    public static func welch(_ first: [Double], _ second: [Double]) -> MeanDifference? {
        guard let firstDeviation = SampleStatistics.standardDeviation(first),
            let secondDeviation = SampleStatistics.standardDeviation(second),
            (first + second).allSatisfy(\.isFinite)
        else { return nil }
        let firstShare = firstDeviation * firstDeviation / Double(first.count)
        let secondShare = secondDeviation * secondDeviation / Double(second.count)
        let total = firstShare + secondShare
        let below =
            firstShare * firstShare / Double(first.count - 1) + secondShare * secondShare / Double(second.count - 1)
        return MeanDifference(
            method: .welch, difference: SampleStatistics.mean(first) - SampleStatistics.mean(second),
            standardError: total.squareRoot(),
            // Without any variance the formula is 0/0. Any value will do, because t is then 0 or infinite.
            degreesOfFreedom: below > 0 ? total * total / below : Double(first.count + second.count - 2))
    }

    /// Tests the mean of the pairs' differences; nil for fewer than two pairs or values that are not finite.
    ///
    /// - Precondition: both have the same number of values.
    public static func paired(_ first: [Double], _ second: [Double]) -> MeanDifference? {
        precondition(first.count == second.count, "\(first.count) values cannot be paired with \(second.count)")
        let differences = zip(first, second).map { $0 - $1 }
        guard let deviation = SampleStatistics.standardDeviation(differences), differences.allSatisfy(\.isFinite) else {
            return nil
        }
        return MeanDifference(
            method: .paired, difference: SampleStatistics.mean(differences),
            standardError: deviation / Double(differences.count).squareRoot(),
            degreesOfFreedom: Double(differences.count - 1))
    }
}

/// Correction for multiple testing.
public enum HolmCorrection {
    /// Adjusts p-values (Holm, 1979), in the given order: if those of at most α are called significant, the probability
    /// of any false positive is at most α.
    public static func adjusted(_ probabilities: [Double]) -> [Double] {
        var result = probabilities
        var largest = 0.0
        let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, Double(probabilities.count - rank) * probabilities[index]))
            result[index] = largest
        }
        return result
    }
}
