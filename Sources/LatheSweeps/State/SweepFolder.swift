import LatheComponents
import LatheResults
import LatheSpec

/// `results/sweeps/<name>/`: what a sweep wants, and which trial is which run.
public struct SweepFolder: Sendable {
    /// The folder of runs.
    public let results: String
    /// The folder.
    public let path: String

    /// The folder of a sweep, which need not exist.
    public init(results: String, name: String) {
        self.results = results
        path = "\(results)/sweeps/\(ExperimentSlug.slug(name))"
    }

    /// The folder's own name.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    /// The sweep as it was last run.
    public var definition: String { path + "/sweep.yaml" }
    /// ``TrialRecord``, one a line; only ever appended to.
    public var trials: String { path + "/trials.jsonl" }
    /// ``SweepRecord``: which of the trials are wanted now.
    public var record: String { path + "/state.json" }
    /// ``SweepEvent``, one a line.
    public var events: String { path + "/events.jsonl" }
    /// Somebody asks the sweep to stop.
    public var stopRequest: String { path + "/stop" }
    /// The whole experiment of a trial, which runs on its own.
    public func spec(_ trial: Int) -> String { "\(path)/specs/\(trial).yaml" }
    /// What a trial's processes printed.
    public func log(_ trial: Int) -> String { "\(path)/logs/\(trial).log" }
    /// The locks on identities of runs, shared by all sweeps of a results folder.
    public static func claims(_ results: String) -> String { results + "/sweeps/.claims" }

    /// Writes down what is wanted: the trials keep the numbers that they have, new ones get the next.
    ///
    /// - Parameter header: a comment for a trial's spec, given its number.
    /// - Returns: the number of each trial.
    public func register(
        _ expansion: SweepExpansion, file: String, header: (Int, Trial) -> String
    ) throws -> [Int] {
        for folder in [path, path + "/specs", path + "/logs", Self.claims(results)] {
            try DurableFolder.create(folder)
        }
        try DurableFolder.removeLeftovers(in: path)
        try DurableFolder.removeLeftovers(in: path + "/specs")
        let known = try TrialRecord.read(from: trials)
        var numbers = Dictionary(known.map { ($0.identity, $0.trial) }) { first, _ in first }
        var next = (known.map(\.trial).max() ?? 0) + 1
        let writer = try LineWriter(appendingTo: trials)
        var result: [Int] = []
        for trial in expansion.trials {
            let number: Int
            if let given = numbers[trial.identity] {
                number = given
            } else {
                number = next
                next += 1
                numbers[trial.identity] = number
                try writer.append(TrialRecord(trial, number: number).line)
            }
            result.append(number)
            let text = header(number, trial) + trial.spec.resolved.yaml
            if (try? DurableFile.read(spec(number))) != Array(text.utf8) {
                try DurableFile.write(text, to: spec(number))
            }
        }
        try writer.sync()
        try DurableFile.write(expansion.definition.text, to: definition)
        try SweepRecord(
            file: file, trials: result, metric: expansion.definition.objective.metric,
            goal: expansion.definition.objective.goal.rawValue, rungs: expansion.sampler.rungs
        ).write(to: record)
        return result
    }
}
