import LatheComponents
public import LatheResults
import LatheSpec

/// The state of a trial according to the results folder.
public struct TrialStanding: Sendable {
    /// Nil if there is no run.
    public var status: RunStatus?
    public var failure: String?
    public var folder: RunFolder?
    /// Steps covered by the newest checkpoint.
    public var step: Int
    /// The objective's last value that will not be recomputed.
    public var value: Double?
    /// The objective at each rung, by step.
    public var measured: [Int: Double]

    /// A trial without a run.
    public init() {
        step = 0
        measured = [:]
    }

    /// - Parameter rungs: the steps at which the objective is needed.
    public init(_ run: StoredRun?, metric: String, rungs: [Int]) {
        self.init()
        guard let run else { return }
        status = run.status
        failure = run.record.failure
        folder = run.folder
        step = max(0, RunIndex.step(run.folder))
        let records = (try? run.folder.readMetrics()) ?? []
        // Steps after the checkpoint will be recomputed.
        let reached = run.status == .completed ? Int.max : step
        for record in records where record.step <= reached {
            guard let value = record.values[metric] else { continue }
            self.value = value
            if rungs.contains(record.step) { measured[record.step] = value }
        }
        // A run that stopped early keeps its last value at all later rungs.
        if run.status == .completed, let value {
            for rung in rungs where measured[rung] == nil && rung > (records.last?.step ?? 0) { measured[rung] = value }
        }
    }
}
