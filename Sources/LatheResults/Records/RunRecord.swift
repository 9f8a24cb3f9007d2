public import LatheSystem

/// `run.json`: what a run is and how it went.
///
/// Keys are snake_case. Unknown keys are ignored, so that older versions can read newer records.
public struct RunRecord: Codable, Sendable, Equatable {
    /// The newest version that this build reads and writes.
    public static let currentSchemaVersion = 1

    public var schemaVersion: Int
    /// The name of the run's folder: `yyyymmdd-hhmmss-<identity8>`, with `-2` and so on if that is taken.
    public var id: String
    /// The experiment's name as written in the spec.
    public var name: String
    /// SHA-256 of the canonical spec, hexadecimal.
    public var identity: String
    /// The run and checkpoint that this one was forked from.
    public var parent: Parent?
    public var seed: UInt64
    /// The status as last written. A process that was killed leaves `running`: see ``StoredRun/status``.
    public var status: RunStatus
    public var failure: String?
    public var exitCode: Int?
    public var created: Timestamp
    /// When training first started.
    public var started: Timestamp?
    /// The sessions after the first.
    public var resumed: [SessionRecord]
    public var ended: Timestamp?
    /// Seconds of work over all sessions, without the time between them.
    public var seconds: Double?
    /// The machine of the first session.
    public var machine: MachineRecord?
    /// How the first session multiplied.
    public var blas: LinearAlgebraRecord?
    /// The work tree of the first session; nil outside a repository.
    public var git: GitRecord?
    public var latheVersion: String
    public var hashes: HashesRecord
    /// The number of trained parameters.
    public var parameters: Int?
    public var commandLine: [String]
    /// The resolved spec, flattened: dotted keys (`optimizer.learning_rate`) with their values as text, for comparing
    /// and filtering. `config.yaml` is the form that can be run again.
    public var configuration: [String: String]

    public struct Parent: Codable, Sendable, Equatable {
        public var run: String
        public var step: Int

        public init(run: String, step: Int) {
            self.run = run
            self.step = step
        }
    }

    /// A run that is about to start; ``RunFolder/create(in:record:)`` sets its id.
    public init(
        name: String, identity: String, seed: UInt64, latheVersion: String, commandLine: [String] = [],
        configuration: [String: String] = [:], created: Timestamp = .now()
    ) {
        schemaVersion = Self.currentSchemaVersion
        id = ""
        self.name = name
        self.identity = identity
        self.seed = seed
        status = .queued
        self.created = created
        resumed = []
        self.latheVersion = latheVersion
        hashes = HashesRecord()
        self.commandLine = commandLine
        self.configuration = configuration
    }

    enum CodingKeys: String, CodingKey {
        case id, name, identity, parent, seed, status, failure, created, started, resumed, ended, seconds, machine, blas
        case git, hashes, parameters, configuration
        case schemaVersion = "schema_version"
        case exitCode = "exit_code"
        case latheVersion = "lathe_version"
        case commandLine = "command_line"
    }

    /// Whether the status is true only while a process holds the run's lock.
    var needsProcess: Bool { status == .running || status == .queued && started == nil }

    /// - Throws: ``FileError``, or ``RecordError`` if the contents are wrong.
    public static func read(from path: String) throws -> RunRecord {
        try RecordCoding.read(RunRecord.self, from: path, schemaVersion: currentSchemaVersion)
    }

    public func write(to path: String) throws { try RecordCoding.write(self, to: path) }
}
