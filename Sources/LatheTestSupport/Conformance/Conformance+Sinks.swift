import LatheComponents
import LatheResults
import LatheSystem

extension Conformance {
    /// Checks every sink: it opens, takes records of changing metrics and non-finite numbers, closes, and opens again
    /// when a run resumes.
    public func sinkFailures() -> [ConformanceFailure] {
        check(SinkSlot.self) { subject, findings in
            let folder = try TemporaryFolder()
            let run = RunFolder(path: folder.path)
            let record = RunRecord(
                name: "sink", identity: "0123", seed: 1, latheVersion: "",
                configuration: ["model.type": "lstm", "seed": "1"])
            for (first, status) in [(1, RunStatus.interrupted), (3, .failed), (1, .completed)] {
                let sink = try subject.product.open(SinkRun(folder: run, record: record, firstStep: first))
                for step in first..<first + 4 {
                    try sink.record(
                        MetricRecord(
                            step: step, tokens: 12 * step, split: .train,
                            values: [MetricName.trainLoss: 1 / Double(step)]))
                }
                try sink.record(
                    MetricRecord(
                        step: first + 4, tokens: 60, split: .validation,
                        values: [MetricName.validationLoss: .nan, "another/metric": -.infinity]))
                try sink.close(status)
            }
        }
    }
}

/// Removed with its contents when released.
private final class TemporaryFolder {
    let path: String

    init() throws { path = try DurableFolder.temporary("lathe-conformance") }

    deinit { try? DurableFolder.remove(path) }
}
