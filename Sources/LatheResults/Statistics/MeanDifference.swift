/// A t test of the difference between two means, with its confidence interval.
public struct MeanDifference: Sendable, Equatable {
    /// How the two samples belong together.
    public enum Method: String, Codable, Sendable {
        /// Independent samples, variances not taken for equal (Welch, 1947).
        case welch
        /// Pairs, such as runs with the same seed.
        case paired
    }

    /// How the two samples belong together.
    public var method: Method
    /// Mean of the first less mean of the second.
    public var difference: Double
    /// Its standard error.
    public var standardError: Double
    /// Degrees of freedom; by Welch and Satterthwaite's formula for independent samples.
    public var degreesOfFreedom: Double

    /// difference / standardError; 0 where both are 0.
    public var t: Double { difference == 0 ? 0 : difference / standardError }

    /// The two-sided probability of so large a difference where there is none.
    public var probability: Double { StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(t) }

    /// The confidence interval of the difference.
    public func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
        let half = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(1 - (1 - confidence) / 2) * standardError
        return (difference - half)...(difference + half)
    }

    /// Welch's test of two independent samples; nil where either has fewer than two values or one is not finite.
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
            // Without any variance the formula is 0/0; any value serves, for t is then 0 or infinite.
            degreesOfFreedom: below > 0 ? total * total / below : Double(first.count + second.count - 2))
    }

    /// The test of the mean of the pairs' differences; nil for fewer than two pairs or values that are not finite.
    ///
    /// - Precondition: as many values in both.
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

/// Correction for testing several differences at once.
public enum HolmCorrection {
    /// The probabilities adjusted after Holm (1979), in the order given: a difference is called at level α where its adjusted probability is at most α,
    /// and the chance of any false call is then at most α.
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
