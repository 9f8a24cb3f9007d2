public import LatheResults

/// The list of runs that `lathe runs` prints.
public enum RunsTable {
    /// The default columns.
    public static let keys = [
        "id", "name", "status", "seed", "created", "steps", "best_step", "best_bits_per_byte", "final_bits_per_byte",
        "final_loss", "verdict", "tokens_per_second", "seconds", "path",
    ]

    /// One row per run, in the given order.
    public static func table(_ runs: [RunDigest], keys: [String] = keys) -> Table {
        var table = Table(columns: keys.map(RunColumns.column))
        for run in runs { table.append(keys.map { RunColumns.cell($0, RunKeys.value($0, of: run)) }) }
        return table
    }

    /// Adds a last column, `duplicate_of`: the folder of the run that counts instead.
    public static func table(_ runs: [RunDigest], keys: [String] = keys, duplicates: [String: String]) -> Table {
        var table = Table(
            columns: keys.map(RunColumns.column) + [
                Table.Column("duplicate_of", title: "duplicate of", alignment: .left)
            ])
        for run in runs {
            table.append(
                keys.map { RunColumns.cell($0, RunKeys.value($0, of: run)) } + [.text(duplicates[run.path])])
        }
        return table
    }
}
