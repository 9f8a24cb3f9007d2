/// Whether training continued past the point where it still helped on unseen text.
public struct OverfittingVerdict: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The last validation is the best one: more training may help.
        case improving
        /// The last validation is worse than the best, by at most two standard errors.
        case level
        /// The last validation is worse than the best by more than two standard errors.
        case overfitting
        /// The last validation is not a finite number.
        case diverged
        /// Too little data: a single validation, or a text of one segment.
        case undetermined
    }

    public var kind: Kind
    /// One sentence with the numbers.
    public var text: String
    /// Final minus best, in bits per byte.
    public var finalMinusBest: Double?
    /// The standard error of ``finalMinusBest``, estimated over the segments of the text.
    public var standardError: Double?

    /// Stores a verdict; ``init(nats:bestStep:finalStep:)`` computes one.
    public init(kind: Kind, text: String, finalMinusBest: Double? = nil, standardError: Double? = nil) {
        self.kind = kind
        self.text = text
        self.finalMinusBest = finalMinusBest
        self.standardError = standardError
    }

    enum CodingKeys: String, CodingKey {
        case kind, text
        case finalMinusBest = "final_minus_best"
        case standardError = "standard_error"
    }

    /// Computes the verdict from the nats of each segment at the best and the final step.
    public init(nats: ValidationNats?, bestStep: Int?, finalStep: Int) {
        guard let nats, let final = nats[step: finalStep] else {
            self.init(kind: .undetermined, text: "undetermined: the last step was not validated")
            return
        }
        guard final.allSatisfy(\.isFinite) else {
            self.init(
                kind: .diverged, text: "diverged: the validation loss at step \(finalStep) is not a finite number")
            return
        }
        guard let bestStep, let best = nats[step: bestStep], best.allSatisfy(\.isFinite) else {
            self.init(kind: .undetermined, text: "undetermined: no best step was kept")
            return
        }
        guard bestStep != finalStep else {
            if nats.evaluations.count == 1 && bestStep == 0 {
                self.init(kind: .undetermined, text: "undetermined: one validation only, before any training")
            } else {
                self.init(
                    kind: .improving, text: "improving: the last validation, at step \(finalStep), is the best",
                    finalMinusBest: 0, standardError: 0)
            }
            return
        }
        let difference = SegmentDifference(final, minus: best, bytes: nats.segmentBytes)
        let amount = NumberText.decimals(difference.bitsPerByte, 4)
        let places = "bits/byte worse at step \(finalStep) than at the best step, \(bestStep)"
        guard let standardError = difference.standardError else {
            self.init(
                kind: .undetermined, text: "undetermined: \(amount) \(places); one segment gives no standard error",
                finalMinusBest: difference.bitsPerByte)
            return
        }
        let overfitting = difference.bitsPerByte > 2 * standardError
        let error = NumberText.decimals(standardError, 4)
        self.init(
            kind: overfitting ? .overfitting : .level,
            text: overfitting
                ? "overfitting: \(amount) ± \(error) \(places)"
                : "level: \(amount) ± \(error) \(places), which is within two standard errors",
            finalMinusBest: difference.bitsPerByte, standardError: standardError)
    }
}

/// The difference between two evaluations of the same text.
///
/// With d the difference in nats and b the bytes of each of n segments, the difference in bits per byte is R = Σd / (ln
/// 2 · Σb). Its standard error is that of a ratio estimator: √(n/(n−1) · Σ(d − ln 2 · R · b)²) / (ln 2 · Σb). It
/// measures the uncertainty from the choice of text, not from the seed, and assumes independent segments; neighbouring
/// segments are correlated, so the true error is slightly larger.
public struct SegmentDifference: Sendable, Equatable {
    /// First minus second.
    public var bitsPerByte: Double
    /// Nil for fewer than two segments.
    public var standardError: Double?

    /// - Precondition: all three have one number per segment.
    public init(_ first: [Double], minus second: [Double], bytes: [UInt32]) {
        precondition(first.count == bytes.count && second.count == bytes.count, "the segments differ")
        let differences = zip(first, second).map { $0 - $1 }
        let totalBytes = bytes.reduce(0.0) { $0 + Double($1) }
        let total = differences.reduce(0, +)
        let bits = 0.693147180559945309 * totalBytes
        bitsPerByte = totalBytes > 0 ? total / bits : 0
        guard bytes.count > 1, totalBytes > 0 else { return }
        let squares = zip(differences, bytes).reduce(0.0) { sum, pair in
            let residual = pair.0 - total / totalBytes * Double(pair.1)
            return sum + residual * residual
        }
        let count = Double(bytes.count)
        standardError = (count / (count - 1) * squares).squareRoot() / bits
    }
}
