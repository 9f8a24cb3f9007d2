import LatheComponents
import LatheResults
import LatheSystem

/// What a run appends to as it goes: metrics, timing and sinks.
final class RunJournal {
    private let metrics: LineWriter
    private let timing: LineWriter
    private let sinks: [any OpenSink]

    init(_ folder: RunFolder, sinks: [any MetricSink], firstStep: Int) throws {
        metrics = try LineWriter(appendingTo: folder.metrics)
        timing = try LineWriter(appendingTo: folder.timing)
        guard !sinks.isEmpty else {
            self.sinks = []
            return
        }
        let run = SinkRun(folder: folder, record: try folder.readRecord(), firstStep: firstStep)
        self.sinks = try sinks.map { try $0.open(run) }
    }

    func append(_ record: MetricRecord) throws {
        try metrics.append(record.line)
        for sink in sinks { try sink.record(record) }
    }

    func append(_ record: TimingRecord) throws { try timing.append(record.line) }

    /// The run's own files, without sinks.
    var files: [LineWriter] { [metrics, timing] }

    /// - Parameter status: the run's status from now on.
    func close(_ status: RunStatus) throws {
        for file in files { try file.sync() }
        for sink in sinks { try sink.close(status) }
    }
}
