import LatheComponents
import LatheResults
import LatheSpec
import LatheSystem

/// `metrics.csv` next to `metrics.jsonl`: one row per value, for spreadsheets and data frames.
struct CSV: MetricSink {
    struct Config: ComponentConfig {}

    static let name = "csv"
    static let summary = "metrics.csv in the run's folder: step,tokens,metric,value."

    init(_ config: Config) {}

    /// Drops rows at or after the session's first step.
    func open(_ run: SinkRun) throws -> any OpenSink {
        let path = run.folder.file("metrics.csv"), firstStep = run.firstStep
        var kept = ["step,tokens,metric,value"]
        let old = try firstStep > 1 ? rows(of: path) : []
        kept += old.filter { (Int($0.prefix { $0 != "," }) ?? firstStep) < firstStep }
        try DurableFile.write(kept.map { $0 + "\n" }.joined(), to: path)
        return OpenCSV(try LineWriter(appendingTo: path))
    }

    /// The rows after the header; none if there is no file.
    private func rows(of path: String) throws -> [String] {
        do {
            return String(decoding: try DurableFile.read(path), as: UTF8.self).split(separator: "\n").dropFirst().map(
                String.init)
        } catch {
            if error.isMissing { return [] }
            throw error
        }
    }
}

private final class OpenCSV: OpenSink {
    private let writer: LineWriter

    init(_ writer: LineWriter) { self.writer = writer }

    func record(_ record: MetricRecord) throws {
        for (metric, value) in record.values.sorted(by: { $0.key < $1.key }) {
            try writer.append("\(record.step),\(record.tokens),\(metric),\(value)")
        }
    }

    func close(_ status: RunStatus) throws { try writer.sync() }
}
