public import LatheResults
public import LatheSpec

/// A destination for a run's metrics in addition to `metrics.jsonl`.
public protocol MetricSink: Component where Product == any MetricSink {
    /// Opens the sink for a run; called again each time the run resumes.
    func open(_ run: SinkRun) throws -> any OpenSink
}

/// The run that a sink is opened for.
public struct SinkRun: Sendable {
    public var folder: RunFolder
    /// Name, identity, the resolved spec with every value, hashes.
    public var record: RunRecord
    /// Records from this step on will follow. If the sink already holds later ones, they come from a session whose work
    /// was lost.
    public var firstStep: Int

    /// A run with a session that begins at `firstStep`.
    public init(folder: RunFolder, record: RunRecord, firstStep: Int) {
        self.folder = folder
        self.record = record
        self.firstStep = firstStep
    }
}

/// A sink of a running experiment.
public protocol OpenSink: AnyObject {
    func record(_ record: MetricRecord) throws
    /// Ends the session. Not called if the run is killed.
    ///
    /// - Parameter status: the run's status from now on: completed, failed, or to be resumed.
    func close(_ status: RunStatus) throws
}

extension MetricSink {
    public static var kind: Kind<any MetricSink> { .sink }
    public var product: any MetricSink { self }
}

extension Kind where Product == any MetricSink {
    public static var sink: Self {
        Self("sink", place: "sinks", summary: "Where metrics go in addition to metrics.jsonl.")
    }
}
