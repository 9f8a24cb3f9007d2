public import LatheResults

/// What a comparison says in words: the findings, and how they were reached.
public struct ComparisonSentences {
    private let comparison: RunComparison

    /// The words of a comparison.
    public init(_ comparison: RunComparison) { self.comparison = comparison }

    /// One sentence for each configuration that is held against the reference.
    public var findings: [String] {
        comparison.differences.map { difference in
            let own = comparison.configurations[difference.first].label
            let other = comparison.configurations[difference.second].label
            return "\(own) against \(other): \(finding(difference))"
        }
    }

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
                "Tested: means over seeds of \(comparison.metric.text), \(names.joined(separator: " or ")), two-sided, 5 %"
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
    public var text: String { "\(name) at the \(moment == .best ? "best" : "last") step" }
}
