/// A run of which others with the same identity may exist: run twice, on two machines say, whose results were copied together.
public protocol RepeatableRun {
    /// Where the run stands.
    var status: RunStatus { get }
    /// When it was made.
    var created: Timestamp { get }
    /// When the last process ended it.
    var ended: Timestamp? { get }
    /// Its folder.
    var path: String { get }
}

extension Sequence where Element: RepeatableRun {
    /// Of runs with equal identity the one that counts once one is completed: the earliest completed one, by its path where two ended in the same millisecond.
    /// The same in every order of the runs.
    public func earliestCompleted() -> Element? {
        filter { $0.status == .completed }
            .min { ($0.ended ?? $0.created, $0.path) < ($1.ended ?? $1.created, $1.path) }
    }
}

extension StoredRun: RepeatableRun {
    /// When it was made.
    public var created: Timestamp { record.created }
    /// When the last process ended it.
    public var ended: Timestamp? { record.ended }
    /// Its folder.
    public var path: String { folder.path }
}

extension RunDigest: RepeatableRun {}

extension Sequence<RunDigest> {
    /// The run that counts of those with equal identity: the earliest completed one, else the one that has come furthest.
    public func counting() -> RunDigest? {
        earliestCompleted()
            ?? self.max {
                ($0.figures.finalStep ?? -1, $0.created, $0.path) < ($1.figures.finalStep ?? -1, $1.created, $1.path)
            }
    }
}

extension [RunDigest] {
    /// The folder of the run that counts, by the folder of each run that does not because that one is the same run.
    public var duplicates: [String: String] {
        var result: [String: String] = [:]
        for equal in Dictionary(grouping: self, by: \.identity).values where equal.count > 1 {
            guard let counting = equal.counting() else { continue }
            for run in equal where run.path != counting.path { result[run.path] = counting.path }
        }
        return result
    }
}
