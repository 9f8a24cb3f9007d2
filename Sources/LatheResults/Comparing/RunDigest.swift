public import LatheSystem

/// What lists and comparisons need of a run: its record and its results, without its files.
public struct RunDigest: Sendable, Equatable {
    public var id: String
    public var path: String
    public var name: String
    public var status: RunStatus
    public var failure: String?
    /// Hash of everything that determines the results, seed included.
    public var identity: String
    public var seed: UInt64
    public var created: Timestamp
    public var ended: Timestamp?
    public var parent: RunRecord.Parent?
    public var hashes: HashesRecord
    public var configuration: [String: String]
    public var figures: RunFigures

    public init(record: RunRecord, status: RunStatus, path: String, figures: RunFigures) {
        id = Path.name(of: path)
        self.path = path
        name = record.name
        self.status = status
        failure = record.failure
        identity = record.identity
        seed = record.seed
        created = record.created
        ended = record.ended
        parent = record.parent
        hashes = record.hashes
        configuration = record.configuration
        self.figures = figures
    }

    /// - Throws: ``FileError``, ``RecordError`` where its figures cannot be read.
    public init(_ run: StoredRun) throws {
        self.init(record: run.record, status: run.status, path: run.folder.path, figures: try RunFigures(run: run))
    }

    public var folder: RunFolder { RunFolder(path: path) }

    /// The name of the parent folder, shared with the experiment's other runs.
    public var experimentFolder: String { Path.name(of: Path.parent(of: path)) }

    /// Equal for runs that differ only in their seed. Runs without a recorded configuration hash are told apart by
    /// their resolved specs, ignoring names.
    public var configurationKey: String {
        if let hash = hashes.configuration { return hash }
        let values = configuration.filter { !Self.isName($0.key) && $0.key != "seed" }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let rest = [hashes.data, hashes.tokenizer, parent.map { "\($0.run)@\($0.step)" }].map { $0 ?? "" }
        return (values + rest).joined(separator: "\n")
    }

    /// Whether a spec key only names or describes the experiment.
    static func isName(_ key: String) -> Bool {
        ["name", "description", "tags"].contains { key == $0 || key.hasPrefix($0 + ".") }
    }
}
