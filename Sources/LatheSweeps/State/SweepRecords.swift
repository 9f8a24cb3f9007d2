import LatheResults
import LatheSystem

/// One line of `trials.jsonl`: a trial and the identity of its run.
public struct TrialRecord: Sendable, Equatable {
    /// From 1; never changes.
    public var trial: Int
    public var identity: String
    public var variant: String?
    public var parameters: [(key: String, value: String)]
    public var seed: UInt64

    public init(_ trial: Trial, number: Int) {
        self.trial = number
        identity = trial.identity
        variant = trial.variant
        parameters = trial.parameters.map { ($0.key, $0.value.inline) }
        seed = trial.seed
    }

    /// Distinguishes the trial from the others, for people.
    public var label: String {
        ((variant.map { [$0] } ?? []) + parameters.map { "\($0.key) \($0.value)" } + ["seed \(seed)"])
            .joined(separator: ", ")
    }

    /// Without a line feed.
    public var line: String {
        JSONValue.object([
            .init("trial", .integer(trial)), .init("identity", .string(identity)),
            .init("variant", variant.map { .string($0) } ?? .null),
            .init("parameters", .object(parameters.map { .init($0.key, .string($0.value)) })),
            .init("seed", .string(String(seed))),
        ]).text()
    }

    /// A torn last line is dropped; a missing file gives no trials.
    public static func read(from path: String) throws -> [TrialRecord] {
        try JSONLines.read(path) { value in
            guard let trial = value["trial"]?.integer, let identity = value["identity"]?.string,
                let seed = value["seed"]?.string.flatMap({ UInt64($0) })
            else { return nil }
            return TrialRecord(
                trial: trial, identity: identity, variant: value["variant"]?.string,
                parameters: (value["parameters"]?.members ?? []).map { ($0.key, $0.value.string ?? "") }, seed: seed)
        }
    }

    private init(
        trial: Int, identity: String, variant: String?, parameters: [(key: String, value: String)], seed: UInt64
    ) {
        self.trial = trial
        self.identity = identity
        self.variant = variant
        self.parameters = parameters
        self.seed = seed
    }

    public static func == (left: TrialRecord, right: TrialRecord) -> Bool { left.line == right.line }
}

/// `state.json`: the trials that the sweep currently wants.
public struct SweepRecord: Sendable, Equatable {
    public var file: String
    public var trials: [Int]
    public var metric: String
    /// `minimize` or `maximize`.
    public var goal: String
    /// The steps at which trials are compared.
    public var rungs: [Int]

    func write(to path: String) throws {
        let value = JSONValue.object([
            .init("schema_version", .integer(1)), .init("file", .string(file)),
            .init("objective", .object([.init("metric", .string(metric)), .init("goal", .string(goal))])),
            .init("rungs", .array(rungs.map { .integer($0) })),
            .init("trials", .array(trials.map { .integer($0) })),
        ])
        try DurableFile.write(value.text(indented: true) + "\n", to: path)
    }

    /// - Throws: `FileError`, or `RecordError` if the contents are invalid.
    public static func read(from path: String) throws -> SweepRecord {
        let bytes = try DurableFile.read(path)
        guard let value = try? JSONValue(parsing: bytes[...]), value["schema_version"]?.integer == 1,
            let file = value["file"]?.string, let metric = value["objective"]?["metric"]?.string,
            let goal = value["objective"]?["goal"]?.string, case .array(let rungs)? = value["rungs"],
            case .array(let trials)? = value["trials"]
        else { throw RecordError(path: path, problem: "not a sweep state that this version of Lathe can read") }
        return SweepRecord(
            file: file, trials: trials.compactMap(\.integer), metric: metric, goal: goal,
            rungs: rungs.compactMap(\.integer))
    }
}

/// One line of `events.jsonl`, a log for people.
public struct SweepEvent: Sendable, Equatable {
    public var time: String
    public var trial: Int
    public var event: Kind
    public var message: String?

    public enum Kind: String, Sendable {
        /// A worker was given the trial.
        case started
        /// The trial reached its last step.
        case completed
        /// The trial waits at a rung.
        case paused
        /// The trial stopped early and can resume.
        case interrupted
        /// The trial or its worker failed.
        case failed
        /// The trial's loss or gradient is not finite.
        case diverged
        case pruned
    }

    public init(_ event: Kind, trial: Int, message: String? = nil) {
        time = "\(Timestamp.now())"
        self.trial = trial
        self.event = event
        self.message = message
    }

    private init(time: String, trial: Int, event: Kind, message: String?) {
        self.time = time
        self.trial = trial
        self.event = event
        self.message = message
    }

    var line: String {
        JSONValue.object([
            .init("time", .string(time)), .init("trial", .integer(trial)), .init("event", .string(event.rawValue)),
            .init("message", message.map { .string($0) } ?? .null),
        ]).text()
    }

    /// A missing file gives no events.
    public static func read(from path: String) throws -> [SweepEvent] {
        try JSONLines.read(path) { value in
            guard let time = value["time"]?.string, let trial = value["trial"]?.integer,
                let event = value["event"]?.string.flatMap({ Kind(rawValue: $0) })
            else { return nil }
            return SweepEvent(time: time, trial: trial, event: event, message: value["message"]?.string)
        }
    }
}

/// Files with one JSON value per line.
enum JSONLines {
    static func read<Record>(_ path: String, _ parse: (JSONValue) -> Record?) throws -> [Record] {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try DurableFile.read(path) } catch {
            if error.isMissing { return [] }
            throw error
        }
        var records: [Record] = []
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // After the last line feed there is a torn line or nothing.
        lines.removeLast()
        for (index, line) in lines.enumerated() {
            guard let value = try? JSONValue(parsing: line), let record = parse(value) else {
                throw RecordError(path: path, line: index + 1, problem: "not a valid record")
            }
            records.append(record)
        }
        return records
    }
}
