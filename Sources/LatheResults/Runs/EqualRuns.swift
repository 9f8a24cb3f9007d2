public import LatheSystem

/// A run that may exist several times, such as results of the same spec copied from two machines.
public protocol RepeatableRun {
    var status: RunStatus { get }
    var created: Timestamp { get }
    var ended: Timestamp? { get }
    var path: String { get }
}

extension Sequence where Element: RepeatableRun {
    /// Of runs with equal identity, the one that counts: the earliest completed one, by path if two ended in the same
    /// millisecond. Does not depend on the order of the runs; nil if none is completed.
    public func earliestCompleted() -> Element? {
        filter { $0.status == .completed }
            .min { ($0.ended ?? $0.created, $0.path) < ($1.ended ?? $1.created, $1.path) }
    }
}

extension StoredRun: RepeatableRun {
    public var created: Timestamp { record.created }
    public var ended: Timestamp? { record.ended }
    public var path: String { folder.path }
}

extension RunDigest: RepeatableRun {}

extension Sequence<RunDigest> {
    /// Of runs with equal identity, the one that counts: the earliest completed one, or the one with the most steps.
    public func counting() -> RunDigest? {
        earliestCompleted()
            ?? self.max {
                ($0.figures.finalStep ?? -1, $0.created, $0.path) < ($1.figures.finalStep ?? -1, $1.created, $1.path)
            }
    }
}

extension [RunDigest] {
    /// Maps the folder of each duplicate to the folder of the run that counts in its place.
    public var duplicates: [String: String] {
        var result: [String: String] = [:]
        for equal in Dictionary(grouping: self, by: \.identity).values where equal.count > 1 {
            guard let counting = equal.counting() else { continue }
            for run in equal where run.path != counting.path { result[run.path] = counting.path }
        }
        return result
    }
}
