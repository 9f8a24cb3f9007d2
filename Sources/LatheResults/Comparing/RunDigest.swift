/// A run as lists and comparisons see it: its record and its figures, without its files.
public struct RunDigest: Sendable, Equatable {
    /// The run's id.
    public var id: String
    /// Its folder.
    public var path: String
    /// The experiment's name.
    public var name: String
    /// Where the run stands.
    public var status: RunStatus
    /// Why it failed.
    public var failure: String?
    /// What decides its results, seed included.
    public var identity: String
    /// The seed.
    public var seed: UInt64
    /// When it was made.
    public var created: Timestamp
    /// When the last process ended it.
    public var ended: Timestamp?
    /// The run that it was forked from.
    public var parent: RunRecord.Parent?
    /// What it was made from.
    public var hashes: HashesRecord
    /// Its resolved spec, flat.
    public var configuration: [String: String]
    /// Its figures.
    public var figures: RunFigures

    /// A run of a record, with figures.
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

    /// A stored run.
    ///
    /// - Throws: ``FileError``, ``RecordError`` where its figures cannot be read.
    public init(_ run: StoredRun) throws {
        self.init(record: run.record, status: run.status, path: run.folder.path, figures: try RunFigures(run: run))
    }

    /// Its folder.
    public var folder: RunFolder { RunFolder(path: path) }

    /// The name of the folder that it lies in, with the experiment's other runs.
    public var experimentFolder: String { Path.name(of: Path.parent(of: path)) }

    /// Equal for runs that differ in their seed only. Runs that did not record it are told apart by their resolved specs, names left out.
    public var configurationKey: String {
        if let hash = hashes.configuration { return hash }
        let values = configuration.filter { !Self.isName($0.key) && $0.key != "seed" }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let rest = [hashes.data, hashes.tokenizer, parent.map { "\($0.run)@\($0.step)" }].map { $0 ?? "" }
        return (values + rest).joined(separator: "\n")
    }

    /// Whether a key of a spec only says what an experiment is called.
    static func isName(_ key: String) -> Bool {
        ["name", "description", "tags"].contains { key == $0 || key.hasPrefix($0 + ".") }
    }
}
