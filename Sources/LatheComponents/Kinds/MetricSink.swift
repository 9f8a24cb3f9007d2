public import LatheResults
public import LatheSpec

/// A place beside `metrics.jsonl` that a run's metrics go to.
public protocol MetricSink: Component where Product == any MetricSink {
    /// Opens the sink for a run; again for each time that the run is resumed.
    func open(_ run: SinkRun) throws -> any OpenSink
}

/// The run that a sink is opened for.
public struct SinkRun: Sendable {
    /// Its folder.
    public var folder: RunFolder
    /// Its record: name, identity, the resolved spec with every value, hashes.
    public var record: RunRecord
    /// Records from this step on are to come; what the sink holds of later ones came from a stretch that was not kept.
    public var firstStep: Int

    /// A run with a sitting that begins at a step.
    public init(folder: RunFolder, record: RunRecord, firstStep: Int) {
        self.folder = folder
        self.record = record
        self.firstStep = firstStep
    }
}

/// A sink of a run under way.
public protocol OpenSink: AnyObject {
    /// Takes a record.
    func record(_ record: MetricRecord) throws
    /// Ends the sink's work for now. A run that is killed never comes here.
    ///
    /// - Parameter status: where the run stands from now on: completed, failed, or to be gone on with.
    func close(_ status: RunStatus) throws
}

extension MetricSink {
    /// The kind of sinks: `sinks` in a spec.
    public static var kind: Kind<any MetricSink> { .sink }
    /// Itself.
    public var product: any MetricSink { self }
}

extension Kind where Product == any MetricSink {
    /// `sinks`
    public static var sink: Self { Self("sink", place: "sinks", summary: "Where metrics go beside metrics.jsonl.") }
}
