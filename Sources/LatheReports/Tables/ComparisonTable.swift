public import LatheResults
import LatheSystem

/// The table that `lathe compare` prints.
public enum ComparisonTable {
    /// The columns and the order of rows.
    public struct Layout: Sendable {
        /// Keys to show after the verdict instead of the standard metrics and the differing keys.
        public var columns: [String]?
        /// The key to sort rows by, using its mean or common value; nil for the comparison's own order.
        public var sorting: String?
        public var isDescending: Bool

        public init(columns: [String]? = nil, sorting: String? = nil, isDescending: Bool = false) {
            self.columns = columns
            self.sorting = sorting
            self.isDescending = isDescending
        }
    }

    /// One row per configuration, best first: the mean over seeds with its 95 % interval, the difference from the
    /// reference and its verdict, other metrics (means over seeds), then the configuration keys that differ.
    public static func table(_ comparison: RunComparison, _ layout: Layout = Layout()) -> Table {
        let configurations = comparison.configurations
        let metric = comparison.metric
        let measured = metric.moment == .best ? "best \(metric.unit)" : metric.unit
        var figures: [Figure] = [
            text("configuration", "configuration") { $0.configuration.label },
            text("runs", "runs") { runs($0.configuration) },
            (Table.Column("mean", title: measured), { mean($0.configuration) }),
        ]
        if let reference = comparison.reference {
            figures += [
                (
                    Table.Column("difference", title: "difference"),
                    { row in
                        comparison.difference(of: row.index).map(difference)
                            ?? (row.index == reference ? .text("reference") : .missing)
                    }
                ),
                text("verdict", "verdict") { comparison.difference(of: $0.index)?.verdict.text },
            ]
        }
        if let columns = layout.columns {
            figures += columns.map { key in
                (RunColumns.column(key), { RunColumns.cell(key, $0.configuration.shownRuns) })
            }
        } else {
            figures += standardFigures(comparison)
        }
        var table = Table(columns: figures.map(\.column))
        for index in order(comparison, layout) {
            table.append(figures.map { $0.cell((index, configurations[index])) })
        }
        return table
    }

    private typealias Row = (index: Int, configuration: ComparedConfiguration)
    private typealias Figure = (column: Table.Column, cell: (Row) -> Table.Cell)

    private static func text(_ key: String, _ title: String, _ value: @escaping (Row) -> String?) -> Figure {
        (Table.Column(key, title: title, alignment: .left), { .text(value($0)) })
    }

    /// The other metrics, and the keys that differ.
    private static func standardFigures(_ comparison: RunComparison) -> [Figure] {
        let metric = comparison.metric
        let all = comparison.configurations.flatMap(\.allRuns)
        func number(
            _ key: String, _ title: String, _ format: @escaping (Double) -> String,
            _ value: @escaping (RunFigures) -> Double?
        ) -> Figure {
            (Table.Column(key, title: title), { .number($0.configuration.mean { value($0.figures) }, format) })
        }
        let whole = { (value: Double) in NumberText.grouped(Int(value.rounded())) }
        var figures: [Figure] = []
        if all.contains(where: { $0.figures.floorBitsPerByte != nil }) {
            figures.append(number("floor_bits_per_byte", "known floor", NumberText.loss) { $0.floorBitsPerByte })
        }
        if metric.name != MetricName.validationLoss {
            figures.append(
                number("final_loss", "loss", NumberText.loss) { $0.final[MetricName.validationLoss] })
        }
        figures += [
            number("gap_to_training", "gap to training", NumberText.signed) { $0.gapToTraining },
            number("best_step", "best step", whole) { $0.bestStep.map { Double($0) } },
            number("final_step", "last step", whole) { $0.finalStep.map { Double($0) } },
            text("overfitting", "overfitting") { overfitting($0.configuration) },
        ]
        if all.contains(where: { $0.figures.acceptedShare != nil }) {
            figures.append(number("accepted_share", "accepted", NumberText.percent) { $0.acceptedShare })
        }
        figures += [
            number("parameters", "parameters", whole) { $0.parameters.map { Double($0) } },
            number("tokens_per_second", "tok/s", NumberText.count) { $0.tokensPerSecond },
            number("seconds", "time", NumberText.duration(seconds:)) { $0.seconds },
            number("peak_rss_mb", "memory", NumberText.memory(mebibytes:)) { $0.peakMegabytes },
        ]
        for key in comparison.differingKeys { figures.append(text(key, key) { $0.configuration.configuration[key] }) }
        return figures
    }

    /// Configuration indices in the layout's order; those without a value come last in either direction.
    static func order(_ comparison: RunComparison, _ layout: Layout) -> [Int] {
        let places = Array(comparison.configurations.indices)
        guard let key = layout.sorting else { return places }
        let values = comparison.configurations.map { configuration -> RunValue? in
            let values = configuration.shownRuns.map { RunKeys.value(key, of: $0) }
            let numbers = values.compactMap { $0?.number }
            return numbers.isEmpty ? values.first ?? nil : .number(SampleStatistics.mean(numbers))
        }
        return RunKeys.sorted(places, isDescending: layout.isDescending) { values[$0] }
    }

    /// Plain text: one column per configuration if there are few, else one row each; then the method and the warnings.
    ///
    /// - Parameter alignment: given if the runs were compared at equal cost.
    public static func text(
        _ comparison: RunComparison, _ layout: Layout = Layout(), alignment: CostAlignment? = nil
    ) -> String {
        let table = table(comparison, layout)
        var text = (comparison.configurations.count <= 4 ? table.transposed() : table).text()
        let sentences = ComparisonSentences(comparison, alignment: alignment)
        // For more than a few the table is enough.
        let findings = comparison.differences.count <= 8 ? sentences.findings : []
        let duplicates = comparison.duplicates
        var notes = duplicates.prefix(3).map {
            "note: \($0.run.path) is left out as a duplicate of \($0.counting)"
        }
        if duplicates.count > 3 { notes.append("note: \(duplicates.count - 3) more are left out (--json lists them)") }
        let warnings = comparison.warnings.map { ["warning: \($0)"] }
        for paragraph in [findings, sentences.crossings, sentences.method, notes] + warnings where !paragraph.isEmpty {
            text += "\n" + paragraph.map { TextWidth.printable($0) + "\n" }.joined()
        }
        return text
    }

    /// `3 seeds`, or the run's id if there is one only, followed by those that do not count: `3 seeds, 1 running`.
    private static func runs(_ configuration: ComparedConfiguration) -> String {
        var parts: [String] = []
        if configuration.count == 1 {
            parts.append(configuration.runs[0].id)
        } else if configuration.count > 1 {
            parts.append("\(configuration.count) seeds")
        }
        for status in RunStatus.allCases {
            let count = configuration.uncounted.filter { $0.status == status }.count
            if count > 0 { parts.append("\(count) \(status == .completed ? "not ranked" : status.rawValue)") }
        }
        return parts.joined(separator: ", ")
    }

    private static func mean(_ configuration: ComparedConfiguration) -> Table.Cell {
        guard let mean = configuration.mean else { return .missing }
        let interval = configuration.halfWidth.map { " ± " + NumberText.loss($0) } ?? ""
        return Table.Cell(.number(mean), text: NumberText.loss(mean) + interval)
    }

    private static func difference(_ difference: ConfigurationDifference) -> Table.Cell {
        guard let test = difference.test else {
            return .number(difference.textDifference?.bitsPerByte, NumberText.signed)
        }
        let half = (test.interval().upperBound - test.interval().lowerBound) / 2
        return Table.Cell(
            .number(test.difference), text: "\(NumberText.signed(test.difference)) ± \(NumberText.loss(half))")
    }

    private static func overfitting(_ configuration: ComparedConfiguration) -> String? {
        let verdicts = configuration.shownRuns.compactMap(\.figures.verdict)
        let kinds = OverfittingVerdict.Kind.allCases.filter(verdicts.contains)
        guard kinds.count != 1 else { return kinds[0].rawValue }
        let counted = kinds.map { kind in "\(verdicts.filter { $0 == kind }.count) \(kind.rawValue)" }
        return counted.isEmpty ? nil : counted.joined(separator: ", ")
    }
}
