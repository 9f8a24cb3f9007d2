public import LatheResults
public import LatheSystem

extension ComparisonTable {
    /// As JSON: `{"metric": {…}, "configurations": […], "tests": n, "runs": […], "differing_keys": […], "duplicates":
    /// […], "warnings": […]}`. A configuration has its label, differing values, seeds, values, mean and interval, and
    /// relative to the reference: difference, test, p and verdict.
    ///
    /// - Parameters:
    ///   - alignment: given if the runs were compared at equal cost; adds `align`, with the cost and the crossings.
    ///   - problems: messages about what could not be read.
    public static func json(
        _ comparison: RunComparison, _ layout: Layout = Layout(), alignment: CostAlignment? = nil,
        problems: [String] = []
    ) -> JSONValue {
        let metric = comparison.metric
        return .object([
            .init(
                "metric",
                .object([
                    .init("name", .string(metric.name)), .init("at", .string(metric.moment.rawValue)),
                    .init("goal", .string(metric.isSmallerBetter ? "minimize" : "maximize")),
                ])),
            .init(
                "reference", comparison.reference.map { .string(comparison.configurations[$0].label) } ?? .null),
            .init("tests", .integer(comparison.testCount)),
            .init("correction", comparison.testCount > 1 ? .string("holm") : .null),
            .init(
                "configurations",
                .array(order(comparison, layout).map { configuration($0, comparison, layout.columns) })),
            .init("align", alignment.map { align($0, comparison) } ?? .null),
            .init("differing_keys", .array(comparison.differingKeys.map { .string($0) })),
            .init(
                "duplicates",
                .array(
                    comparison.duplicates.map {
                        .object([.init("run", .string($0.run.path)), .init("counts", .string($0.counting))])
                    })),
            .init("warnings", .array(comparison.warnings.map { .string($0) })),
            .init("problems", .array(problems.map { .string($0) })),
        ])
    }

    private static func align(_ alignment: CostAlignment, _ comparison: RunComparison) -> JSONValue {
        func label(_ index: Int) -> JSONValue { .string(comparison.configurations[index].label) }
        return .object([
            .init("axis", .string(alignment.axis.rawValue)), .init("cost", .number(alignment.cost)),
            .init(
                "crossings",
                .array(
                    alignment.crossings(comparison).map {
                        .object([
                            .init("cost", .number($0.cost)), .init("value", .number($0.value)),
                            .init("ahead_before", label($0.before)), .init("ahead_after", label($0.after)),
                        ])
                    })),
        ])
    }

    private static func configuration(_ index: Int, _ comparison: RunComparison, _ columns: [String]?) -> JSONValue {
        let configuration = comparison.configurations[index]
        func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        func interval(_ range: ClosedRange<Double>?) -> JSONValue {
            range.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
        }
        let runs = zip(configuration.runs, configuration.values).map { run($0, value: $1) }
        var members: [JSONValue.Member] = [
            .init("label", .string(configuration.label)),
            .init("seeds", .integer(configuration.count)),
            .init("mean", number(configuration.mean)),
            .init("interval", interval(configuration.interval)),
            .init("standard_deviation", number(configuration.standardDeviation)),
            .init("runs", .array(runs + configuration.uncounted.map { run($0, value: nil) })),
            .init(
                "configuration",
                .object(
                    comparison.differingKeys.map { key in
                        .init(key, configuration.configuration[key].map { .string($0) } ?? .null)
                    })),
        ]
        if let columns {
            members.append(
                .init("columns", .object(columns.map { .init($0, RunColumns.cell($0, configuration.shownRuns).value) }))
            )
        }
        if let difference = comparison.difference(of: index) {
            var seeds: JSONValue = .null
            if case .notDistinguishable(let more?) = difference.verdict { seeds = .integer(more) }
            let text = difference.textDifference
            members += [
                .init("verdict", .string(difference.verdict.name)),
                .init("verdict_text", .string(difference.verdict.text)),
                .init("more_seeds", seeds),
                .init("difference", number(difference.test?.difference)),
                .init("difference_interval", interval(difference.test?.interval())),
                .init("test", difference.test.map { .string($0.method.rawValue) } ?? .null),
                .init("t", number(difference.test?.t)),
                .init("degrees_of_freedom", number(difference.test?.degreesOfFreedom)),
                .init("p", number(difference.test?.probability)),
                .init("p_holm", number(difference.adjustedProbability)),
                .init("text_difference_bits_per_byte", number(text?.bitsPerByte)),
                .init("text_standard_error", number(text?.standardError)),
            ]
        }
        return .object(members)
    }

    private static func run(_ run: RunDigest, value: Double?) -> JSONValue {
        .object([
            .init("id", .string(run.id)), .init("path", .string(run.path)), .init("seed", .string(String(run.seed))),
            .init("status", .string(run.status.rawValue)), .init("counted", .bool(value != nil)),
            .init("value", value.map { .number($0) } ?? .null),
        ])
    }
}
