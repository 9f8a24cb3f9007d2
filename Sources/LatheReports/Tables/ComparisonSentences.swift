public import LatheResults

/// Describes a comparison in sentences: its findings and its method.
public struct ComparisonSentences {
    private let comparison: RunComparison
    private let alignment: CostAlignment?

    /// - Parameter alignment: given if the runs were compared at equal cost.
    public init(_ comparison: RunComparison, alignment: CostAlignment? = nil) {
        self.comparison = comparison
        self.alignment = alignment
    }

    /// One sentence per configuration compared with the reference.
    public var findings: [String] {
        comparison.differences.map { difference in
            "\(label(difference.first)) against \(label(difference.second)): \(finding(difference))"
        }
    }

    /// The common cost and where curves cross; empty if the runs were not aligned.
    public var crossings: [String] {
        guard let alignment else { return [] }
        let found = alignment.crossings(comparison)
        var crossings = found.prefix(8).map { crossing in
            let (before, after) = (crossing.before, crossing.after)
            return "The curves of \(label(before)) and \(label(after)) cross at \(alignment.axis.text(crossing.cost)) "
                + "(\(NumberText.loss(crossing.value)) \(comparison.metric.unit)): \(label(before)) is ahead before, "
                + "\(label(after)) after."
        }
        if found.count > 8 { crossings.append("\(found.count - 8) more: see --json.") }
        let cost = alignment.axis.text(alignment.cost)
        return [
            "At equal cost: \(cost), the largest that all runs reached; values between validations are interpolated linearly."
        ] + (crossings.isEmpty ? ["No mean curve crosses the reference's before that cost."] : crossings)
    }

    private func label(_ index: Int) -> String { comparison.configurations[index].label }

    /// Which test was used, for how many comparisons, and what the numbers mean.
    public var method: [String] {
        var sentences: [String] = []
        let tests = comparison.differences.compactMap(\.test)
        if !tests.isEmpty {
            let methods = Set(tests.map(\.method))
            let names = [
                methods.contains(.paired) ? "paired t test (all seeds shared)" : nil,
                methods.contains(.welch) ? "Welch's t test" : nil,
            ].compactMap { $0 }
            var sentence =
                "Tested: means over seeds of \(measured), \(names.joined(separator: " or ")), two-sided, 5 %"
            if comparison.testCount > 1 {
                sentence += "; p after Holm's correction for \(comparison.testCount) tests"
            }
            sentences.append(sentence + ". ± is Student's 95 % interval.")
        }
        if comparison.differences.contains(where: { $0.textDifference != nil }) {
            sentences.append(
                "The text uncertainty (one standard error) comes from the segments of the validation text. It covers the "
                    + "difference between these two models on such text, not variation across seeds: a verdict needs "
                    + "at least two seeds of each."
            )
        }
        return sentences
    }

    private var measured: String {
        guard let alignment else { return comparison.metric.text }
        return "\(comparison.metric.name) at \(alignment.axis.text(alignment.cost))"
    }

    private func finding(_ difference: ConfigurationDifference) -> String {
        var text = difference.verdict.text
        if let test = difference.test, let adjusted = difference.adjustedProbability {
            let interval = test.interval()
            text +=
                " (\(NumberText.signed(test.difference)) \(comparison.metric.unit), 95 % interval "
                + "\(NumberText.signed(interval.lowerBound)) to "
                + "\(NumberText.signed(interval.upperBound)), p \(probability(adjusted)))"
        }
        if let difference = difference.textDifference {
            let error = difference.standardError.map { " ± \(NumberText.loss($0))" } ?? ""
            text +=
                "; on this text \(NumberText.signed(difference.bitsPerByte))\(error) bits/byte, "
                + "text uncertainty only"
        }
        return text
    }

    private func probability(_ value: Double) -> String {
        value < 0.0001 ? "< 0.0001" : "= " + NumberText.decimals(value, 4)
    }
}

extension ComparisonMetric {
    /// For example `validation/bits_per_byte at the last step`.
    public var text: String { isMeasuredOnText ? "\(name) at the \(moment == .best ? "best" : "last") step" : name }
}
