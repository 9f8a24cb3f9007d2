public import LatheResults

/// The table that `lathe compare` prints.
public enum ComparisonTable {
    /// One row for each run: best and last validation, gap, step, verdict, size, speed and time, then the configuration keys that differ.
    public static func table(_ comparison: RunComparison) -> Table {
        let floor = comparison.rows.contains { $0.figures.floorBitsPerByte != nil }
        let accepted = comparison.rows.contains { $0.figures.acceptedShare != nil }
        let bits = MetricName.validationBitsPerByte
        let loss = MetricName.validationLoss
        typealias Figure = (column: Table.Column, cell: (RunComparison.Row) -> Table.Cell)
        func number(
            _ key: String, _ title: String, _ format: @escaping (Double) -> String,
            _ value: @escaping (RunFigures) -> Double?
        ) -> Figure {
            (Table.Column(key, title: title), { .number(value($0.figures), format) })
        }
        func integer(_ key: String, _ title: String, _ value: @escaping (RunFigures) -> Int?) -> Figure {
            (
                Table.Column(key, title: title),
                { row in value(row.figures).map { .init(.integer($0), text: NumberText.grouped($0)) } ?? .missing }
            )
        }
        func text(_ key: String, _ title: String, _ value: @escaping (RunComparison.Row) -> String?) -> Figure {
            (Table.Column(key, title: title, alignment: .left), { .text(value($0)) })
        }
        var figures: [Figure] = [
            text("run", "run") { $0.id }, text("experiment", "experiment") { $0.name },
            text("status", "status") { $0.status.rawValue },
            number("best_bits_per_byte", "best bits/byte", NumberText.loss) { $0.best[bits] },
            number("final_bits_per_byte", "final bits/byte", NumberText.loss) { $0.final[bits] },
        ]
        if floor {
            figures.append(number("floor_bits_per_byte", "known floor", NumberText.loss) { $0.floorBitsPerByte })
        }
        figures += [
            number("best_loss", "best loss", NumberText.loss) { $0.best[loss] },
            number("final_loss", "final loss", NumberText.loss) { $0.final[loss] },
            number("gap_to_training", "gap to training", NumberText.signed) { $0.gapToTraining },
            integer("best_step", "best step") { $0.bestStep }, integer("final_step", "final step") { $0.finalStep },
            text("verdict", "verdict") { $0.figures.verdict?.rawValue },
        ]
        if accepted { figures.append(number("accepted_share", "accepted", NumberText.percent) { $0.acceptedShare }) }
        figures += [
            integer("parameters", "parameters") { $0.parameters },
            number("tokens_per_second", "tok/s", NumberText.count) { $0.tokensPerSecond },
            number("seconds", "time", NumberText.duration(seconds:)) { $0.seconds },
            number("peak_rss_mb", "memory", NumberText.memory(megabytes:)) { $0.peakMegabytes },
        ]
        for key in comparison.differingKeys {
            figures.append(text(key, key) { $0.configuration[key] })
        }
        var table = Table(columns: figures.map(\.column))
        for row in comparison.rows { table.append(figures.map { $0.cell(row) }) }
        return table
    }

    /// What people read: a column for each run when there are few, else a row for each; then what makes the figures hard to compare.
    public static func text(_ comparison: RunComparison) -> String {
        let table = table(comparison)
        let laidOut = comparison.rows.count <= 4 ? table.transposed() : table
        var text = laidOut.text()
        if comparison.differingKeys.isEmpty && comparison.rows.count > 1 {
            text += "\nNo configuration key differs.\n"
        }
        for warning in comparison.warnings { text += "\nwarning: \(warning)\n" }
        return text
    }

    /// For programs: `{"runs": […], "differing_keys": […], "warnings": […]}`.
    public static func json(_ comparison: RunComparison) -> JSONValue {
        .object([
            .init("runs", table(comparison).json()),
            .init("differing_keys", .array(comparison.differingKeys.map { .string($0) })),
            .init("warnings", .array(comparison.warnings.map { .string($0) })),
        ])
    }
}
