import LatheResults

/// One line of `trials.jsonl`: which trial is which run.
public struct TrialRecord: Sendable, Equatable {
    /// Its number, from 1, which never changes.
    public var trial: Int
    /// The identity of its run.
    public var identity: String
    /// The variant.
    public var variant: String?
    /// The parameters' values, as text.
    public var parameters: [(key: String, value: String)]
    /// The seed.
    public var seed: UInt64

    /// The record of a trial.
    public init(_ trial: Trial, number: Int) {
        self.trial = number
        identity = trial.identity
        variant = trial.variant
        parameters = trial.parameters.map { ($0.key, $0.value.inline) }
        seed = trial.seed
    }

    /// What tells it from the others.
    public var label: String {
        ((variant.map { [$0] } ?? []) + parameters.map { "\($0.key) \($0.value)" } + ["seed \(seed)"])
            .joined(separator: ", ")
    }

    /// The line, without a line feed.
    public var line: String {
        JSONValue.object([
            .init("trial", .integer(trial)), .init("identity", .string(identity)),
            .init("variant", variant.map { .string($0) } ?? .null),
            .init("parameters", .object(parameters.map { .init($0.key, .string($0.value)) })),
            .init("seed", .string(String(seed))),
        ]).text()
    }

    /// The trials of a sweep; a torn last line is dropped, a missing file has none.
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

    /// Whether two lines say the same.
    public static func == (left: TrialRecord, right: TrialRecord) -> Bool { left.line == right.line }
}

/// `state.json`: what the sweep wants now.
public struct SweepRecord: Sendable, Equatable {
    /// The file that was run, as it was given.
    public var file: String
    /// The numbers of the trials that are wanted, in the sweep's order.
    public var trials: [Int]
    /// The objective's metric.
    public var metric: String
    /// `minimize` or `maximize`.
    public var goal: String
    /// The steps after which results are compared.
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

    /// - Throws: `FileError`, or `RecordError` where the contents are wrong.
    public static func read(from path: String) throws -> SweepRecord {
        let bytes = try DurableFile.read(path)
        guard let value = try? JSONValue(parsing: bytes[...]), value["schema_version"]?.integer == 1,
            let file = value["file"]?.string, let metric = value["objective"]?["metric"]?.string,
            let goal = value["objective"]?["goal"]?.string, case .array(let rungs)? = value["rungs"],
            case .array(let trials)? = value["trials"]
        else { throw RecordError(path: path, problem: "not the state of a sweep that this Lathe can read") }
        return SweepRecord(
            file: file, trials: trials.compactMap(\.integer), metric: metric, goal: goal,
            rungs: rungs.compactMap(\.integer))
    }
}

/// One line of `events.jsonl`: what happened to a trial, for people.
public struct SweepEvent: Sendable, Equatable {
    /// When.
    public var time: String
    /// The trial's number.
    public var trial: Int
    /// What happened.
    public var event: Kind
    /// Why.
    public var message: String?

    /// What can happen to a trial.
    public enum Kind: String, Sendable {
        /// A worker was given it.
        case started
        /// It came to its end.
        case completed
        /// It waits on a rung.
        case paused
        /// It stopped before its end and can go on.
        case interrupted
        /// It ended by an error, or its worker died.
        case failed
        /// Others were more promising.
        case pruned
    }

    /// Something that happened now.
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

    /// What happened so far; a missing file has nothing.
    public static func read(from path: String) throws -> [SweepEvent] {
        try JSONLines.read(path) { value in
            guard let time = value["time"]?.string, let trial = value["trial"]?.integer,
                let event = value["event"]?.string.flatMap({ Kind(rawValue: $0) })
            else { return nil }
            return SweepEvent(time: time, trial: trial, event: event, message: value["message"]?.string)
        }
    }
}

/// Files with a JSON value a line.
enum JSONLines {
    static func read<Record>(_ path: String, _ parse: (JSONValue) -> Record?) throws -> [Record] {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try DurableFile.read(path) } catch {
            if error.isMissing { return [] }
            throw error
        }
        var records: [Record] = []
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last line feed is torn, or nothing.
        lines.removeLast()
        for (index, line) in lines.enumerated() {
            guard let value = try? JSONValue(parsing: line), let record = parse(value) else {
                throw RecordError(path: path, line: index + 1, problem: "not a line of this file")
            }
            records.append(record)
        }
        return records
    }
}
