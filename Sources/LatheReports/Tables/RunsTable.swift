public import LatheResults

/// The list of runs that `lathe runs` prints.
public enum RunsTable {
    /// One row for each run, in the order given: id, experiment, status, seed, start, steps, best and last validation, time.
    ///
    /// A run whose figures cannot be read has none; `unreadable` is given what is wrong with it.
    public static func table(_ runs: [StoredRun], unreadable: (any Error) -> Void = { _ in }) -> Table {
        var table = Table(columns: [
            .init("id", title: "run", alignment: .left), .init("name", title: "experiment", alignment: .left),
            .init("status", alignment: .left), .init("seed"), .init("created", alignment: .left),
            .init("steps"), .init("best_step", title: "best step"),
            .init("best_bits_per_byte", title: "best bits/byte"),
            .init("final_bits_per_byte", title: "final bits/byte"),
            .init("final_loss", title: "final loss"), .init("verdict", alignment: .left),
            .init("tokens_per_second", title: "tok/s"), .init("seconds", title: "time"),
            .init("path", alignment: .left),
        ])
        for run in runs {
            var figures: RunFigures?
            do { figures = try RunFigures(run: run) } catch { unreadable(error) }
            let bits = MetricName.validationBitsPerByte
            table.append([
                .text(run.id), .text(run.record.name), .text(run.status.rawValue),
                seed(run.record.seed),
                Table.Cell(.string(run.record.created.description), text: run.record.created.tableText),
                .integer(figures?.finalStep), .integer(figures?.bestStep),
                .number(figures?.best[bits], NumberText.loss), .number(figures?.final[bits], NumberText.loss),
                .number(figures?.final[MetricName.validationLoss], NumberText.loss),
                .text(figures?.verdict?.rawValue), .number(figures?.tokensPerSecond, NumberText.count),
                .number(figures?.seconds, NumberText.duration(seconds:)), .text(run.folder.path),
            ])
        }
        return table
    }

    /// A seed past the range of whole numbers in tables is text: every digit of it matters.
    private static func seed(_ seed: UInt64) -> Table.Cell {
        Table.Cell(Int(exactly: seed).map { .integer($0) } ?? .string(String(seed)), text: String(seed))
    }
}
