public import LatheResults
import LatheSystem

public enum RunColumns {
    public static func column(_ key: String) -> Table.Column {
        Table.Column(key, title: titles[key], alignment: textKeys.contains(key) ? .left : .right)
    }

    public static func cell(_ key: String, _ value: RunValue?) -> Table.Cell {
        switch value {
        case nil: .missing
        case .text(let text)?:
            key == "created" || key == "ended"
                ? Table.Cell(.string(text), text: Timestamp(text)?.tableText ?? text) : .text(text)
        case .number(let number)?: numberCell(key, number)
        }
    }

    /// The common value of several runs; otherwise the mean of a metric, or the distinct values of anything else.
    public static func cell(_ key: String, _ runs: [RunDigest]) -> Table.Cell {
        let values = runs.map { RunKeys.value(key, of: $0) }
        let distinct = values.enumerated().filter { values.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        if distinct.count == 1 { return cell(key, distinct[0]) }
        let numbers = values.compactMap { $0?.number }
        let isFigure = formats[key] != nil || runs.contains { $0.figures.final[key] != nil }
        if isFigure, !numbers.isEmpty { return cell(key, .number(SampleStatistics.mean(numbers))) }
        return .text(distinct.map { cell(key, $0).text }.joined(separator: ", "))
    }

    private static func numberCell(_ key: String, _ value: Double) -> Table.Cell {
        if let format = formats[key] { return Table.Cell(plain(value), text: format(value)) }
        if key.contains("/") { return Table.Cell(.number(value), text: NumberText.loss(value)) }
        return Table.Cell(plain(value), text: plain(value).text())
    }

    /// Whole numbers without a decimal point.
    private static func plain(_ value: Double) -> JSONValue {
        Int(exactly: value).map { .integer($0) } ?? .number(value)
    }

    private static let textKeys: Set<String> = [
        "id", "run", "name", "experiment", "status", "created", "ended", "identity", "path", "failure", "parent",
        "verdict",
    ]
    private static let titles = [
        "id": "run", "name": "experiment", "best_step": "best step", "best_bits_per_byte": "best bits/byte",
        "final_bits_per_byte": "final bits/byte", "best_loss": "best loss", "final_loss": "final loss",
        "floor_bits_per_byte": "known floor", "gap_to_training": "gap to training", "accepted_share": "accepted",
        "tokens_per_second": "tok/s", "seconds": "time", "peak_rss_mb": "memory",
    ]
    private static let whole: @Sendable (Double) -> String = { Int(exactly: $0.rounded()).map { "\($0)" } ?? "\($0)" }
    private static let grouped: @Sendable (Double) -> String = {
        Int(exactly: $0.rounded()).map { NumberText.grouped($0) } ?? "\($0)"
    }
    private static let formats: [String: @Sendable (Double) -> String] = [
        "steps": whole, "best_step": whole, "tokens": grouped, "parameters": grouped,
        "best_bits_per_byte": NumberText.loss, "final_bits_per_byte": NumberText.loss, "best_loss": NumberText.loss,
        "final_loss": NumberText.loss, "floor_bits_per_byte": NumberText.loss, "gap_to_training": NumberText.signed,
        "accepted_share": NumberText.percent, "flops_per_token": NumberText.count, "bytes_per_token": NumberText.short,
        "tokens_per_second": NumberText.count, "seconds": { NumberText.duration(seconds: $0) },
        "peak_rss_mb": { NumberText.memory(mebibytes: $0) },
    ]
}
