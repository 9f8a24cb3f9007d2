public import LatheResults
public import LatheSpec

/// A place beside `metrics.jsonl` that a run's metrics go to.
public protocol MetricSink: Component where Product == any MetricSink {
    /// Opens the sink for a run; again for each time that the run is resumed.
    ///
    /// - Parameter firstStep: records from this step on are to come; what the sink holds of later ones came from a stretch that was not kept.
    func open(_ folder: RunFolder, firstStep: Int) throws -> any OpenSink
}

/// A sink of a run under way.
public protocol OpenSink: AnyObject {
    /// Takes a record.
    func record(_ record: MetricRecord) throws
    /// Ends the sink's work for now.
    func close() throws
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
