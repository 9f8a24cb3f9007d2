/// What a run is and how it went: `run.json`.
///
/// Keys are snake_case; unknown keys are ignored, so that older versions read what newer ones add.
public struct RunRecord: Codable, Sendable, Equatable {
    /// The newest form that this version reads and writes.
    public static let currentSchemaVersion = 1

    /// The form of this record.
    public var schemaVersion: Int
    /// The name of the run's folder: `yyyymmdd-hhmmss-<identity8>`, with `-2` and so on where that was taken.
    public var id: String
    /// The experiment's name as the spec writes it.
    public var name: String
    /// SHA-256 of the canonical spec, hexadecimal.
    public var identity: String
    /// The run that this one was forked from.
    public var parent: Parent?
    /// The seed.
    public var seed: UInt64
    /// The status as last written; a process that died leaves `running` (see ``StoredRun/status``).
    public var status: RunStatus
    /// Why the run failed.
    public var failure: String?
    /// The process's exit code.
    public var exitCode: Int?
    /// When the folder was made.
    public var created: Timestamp
    /// When training first began.
    public var started: Timestamp?
    /// When the run was taken up again, each time.
    public var resumed: [Timestamp]
    /// When the last process ended it.
    public var ended: Timestamp?
    /// Seconds of work, all sittings together, without the time between them.
    public var seconds: Double?
    /// The machine of the last sitting.
    public var machine: MachineRecord?
    /// The linear algebra library of the last sitting.
    public var blas: LinearAlgebraRecord?
    /// The work tree of the last sitting; nil outside a repository.
    public var git: GitRecord?
    /// The version of Lathe.
    public var latheVersion: String
    /// What the run was made from.
    public var hashes: HashesRecord
    /// How many numbers are trained.
    public var parameters: Int?
    /// The command line that started it.
    public var commandLine: [String]
    /// The resolved spec, flat: dotted keys (`optimizer.learning_rate`) with their values as text. For comparing and filtering;
    /// `config.yaml` is what runs again.
    public var configuration: [String: String]

    /// A checkpoint of another run that this one starts from.
    public struct Parent: Codable, Sendable, Equatable {
        /// The other run's id.
        public var run: String
        /// The step of its checkpoint.
        public var step: Int

        /// A checkpoint of a run.
        public init(run: String, step: Int) {
            self.run = run
            self.step = step
        }
    }

    /// A run that is about to start; ``RunFolder/create(in:record:)`` gives it its id.
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

    /// - Throws: ``FileError``, or ``RecordError`` where the contents are wrong.
    public static func read(from path: String) throws -> RunRecord {
        try RecordCoding.read(RunRecord.self, from: path, schemaVersion: currentSchemaVersion)
    }

    /// Replaces the file in one step.
    public func write(to path: String) throws { try RecordCoding.write(self, to: path) }
}
