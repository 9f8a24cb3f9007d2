import LatheComponents
import LatheResults
import LatheSpec
import LatheSystem

/// `results/sweeps/<name>/`: a sweep's wanted trials, and the run of each.
public struct SweepFolder: Sendable {
    public let results: String
    public let path: String

    /// The folder need not exist.
    public init(results: String, name: String) {
        self.results = results
        path = "\(results)/sweeps/\(ExperimentSlug.slug(name))"
    }

    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    /// The sweep definition as last run.
    public var definition: String { path + "/sweep.yaml" }
    /// One ``TrialRecord`` per line, append-only.
    public var trials: String { path + "/trials.jsonl" }
    /// A ``SweepRecord``: the trials that are currently wanted.
    public var record: String { path + "/state.json" }
    /// One ``SweepEvent`` per line.
    public var events: String { path + "/events.jsonl" }
    /// A file whose presence asks the sweep to stop.
    public var stopRequest: String { path + "/stop" }
    /// The complete experiment of a trial, which can be run on its own.
    public func spec(_ trial: Int) -> String { "\(path)/specs/\(trial).yaml" }
    /// The output of a trial's processes.
    public func log(_ trial: Int) -> String { "\(path)/logs/\(trial).log" }
    /// Locks on run identities, shared by all sweeps of a results folder.
    public static func claims(_ results: String) -> String { results + "/sweeps/.claims" }

    /// Stores the wanted trials. Known trials keep their numbers; new ones get the next.
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
            goal: expansion.definition.objective.goal.rawValue, rungs: expansion.strategy.rungs
        ).write(to: record)
        return result
    }
}
