public import LatheResults
import LatheSystem

/// Finds runs by identity anywhere in a results folder, from their folder names `…-<identity8>`.
public struct RunIndex {
    private let results: String
    private var folders: [String: [String]] = [:]

    public init(results: String) {
        self.results = results
        refresh()
    }

    public mutating func refresh() {
        folders = [:]
        for experiment in (try? DurableFolder.names(in: results)) ?? []
        where !experiment.hasPrefix(".") && experiment != "sweeps" {
            let path = results + "/" + experiment
            for name in (try? DurableFolder.names(in: path)) ?? [] where !name.hasPrefix(".") {
                // yyyymmdd-hhmmss-identity8, followed by -2 and so on if that is taken
                let parts = name.split(separator: "-")
                if parts.count >= 3 { folders[String(parts[2]), default: []].append(path + "/" + name) }
            }
        }
    }

    /// The run that represents an identity: the earliest completed one, otherwise the one that is furthest along.
    public func run(_ identity: String) -> StoredRun? {
        let runs = (folders[String(identity.prefix(8))] ?? []).compactMap {
            try? StoredRun(folder: RunFolder(path: $0))
        }
        .filter { $0.record.identity == identity }
        if let first = runs.earliestCompleted() { return first }
        return runs.max { (Self.step($0.folder), $0.record.created) < (Self.step($1.folder), $1.record.created) }
    }

    /// The step of the newest checkpoint, or -1.
    static func step(_ folder: RunFolder) -> Int { (try? folder.checkpointSteps().last) ?? -1 }
}
