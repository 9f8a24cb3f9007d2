import LatheComponents
public import LatheResults
import LatheSpec

/// Where a trial stands, by what is in the results folder.
public struct TrialStanding: Sendable {
    /// Where its run stands; nil where there is none.
    public var status: RunStatus?
    /// Why it failed.
    public var failure: String?
    /// Its run.
    public var folder: RunFolder?
    /// Steps that need not be done again.
    public var step: Int
    /// The objective's last value, of a run that came to its end or to a rung.
    public var value: Double?
    /// The objective after each rung.
    public var measured: [Int: Double]

    /// Nothing is known of a run.
    public init() {
        step = 0
        measured = [:]
    }

    /// Looks at the run of an identity.
    ///
    /// - Parameter rungs: where the objective is wanted.
    public init(_ run: StoredRun?, metric: String, rungs: [Int]) {
        self.init()
        guard let run else { return }
        status = run.status
        failure = run.record.failure
        folder = run.folder
        step = max(0, RunIndex.step(run.folder))
        let records = (try? run.folder.readMetrics()) ?? []
        // What lies past the checkpoint will be computed again.
        let reached = run.status == .completed ? Int.max : step
        for record in records where record.step <= reached {
            guard let value = record.values[metric] else { continue }
            self.value = value
            if rungs.contains(record.step) { measured[record.step] = value }
        }
        // A run that ended early has its last value for good.
        if run.status == .completed, let value {
            for rung in rungs where measured[rung] == nil && rung > (records.last?.step ?? 0) { measured[rung] = value }
        }
    }
}
