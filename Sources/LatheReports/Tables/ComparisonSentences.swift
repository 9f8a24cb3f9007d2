public import LatheResults

/// What a comparison says in words: the findings, and how they were reached.
public struct ComparisonSentences {
    private let comparison: RunComparison
    private let alignment: CostAlignment?

    /// The words of a comparison.
    ///
    /// - Parameter alignment: where the runs were held against each other at equal cost.
    public init(_ comparison: RunComparison, alignment: CostAlignment? = nil) {
        self.comparison = comparison
        self.alignment = alignment
    }

    /// One sentence for each configuration that is held against the reference.
    public var findings: [String] {
        comparison.differences.map { difference in
            "\(label(difference.first)) against \(label(difference.second)): \(finding(difference))"
        }
    }

    /// Where curves cross, and what the common cost is; empty where runs were not aligned.
    public var crossings: [String] {
        guard let alignment else { return [] }
        let found = alignment.crossings(comparison)
        var crossings = found.prefix(8).map { crossing in
            let (before, after) = (crossing.before, crossing.after)
            return "The curves of \(label(before)) and \(label(after)) cross at \(alignment.axis.text(crossing.cost)) "
                + "(\(NumberText.loss(crossing.value)) \(comparison.metric.unit)): \(label(before)) is ahead before, \(label(after)) after."
        }
        if found.count > 8 { crossings.append("There are \(found.count - 8) more (--json has them).") }
        let cost = alignment.axis.text(alignment.cost)
        return [
            "At equal cost: \(cost), the most that all runs reached; between validations on a straight line."
        ] + (crossings.isEmpty ? ["No mean curve crosses the reference's up to there."] : crossings)
    }

    private func label(_ index: Int) -> String { comparison.configurations[index].label }

    /// How the verdicts were reached: which test, for how many, and what the numbers mean.
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
                "The uncertainty of the text comes from the segments of the validation text (one standard error). It says how sure the difference between "
                    + "these two models is on such text, and nothing about other seeds; two seeds or more of each give a verdict."
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
                " (\(NumberText.signed(test.difference)) \(comparison.metric.unit), 95 % interval \(NumberText.signed(interval.lowerBound)) to "
                + "\(NumberText.signed(interval.upperBound)), p \(probability(adjusted)))"
        }
        if let difference = difference.textDifference {
            let error = difference.standardError.map { " ± \(NumberText.loss($0))" } ?? ""
            text +=
                "; on this text \(NumberText.signed(difference.bitsPerByte))\(error) bits/byte, uncertainty of the text only"
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
