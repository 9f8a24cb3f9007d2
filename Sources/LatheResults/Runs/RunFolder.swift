import LatheSystem

/// The folder of one run and the paths in it.
public struct RunFolder: Sendable, Hashable {
    public let path: String

    /// The folder need not exist.
    public init(path: String) { self.path = Path.withoutTrailingSlashes(path) }

    /// The run's id.
    public var name: String { Path.name(of: path) }
    /// The resolved spec, which can be run on its own.
    public var configuration: String { file("config.yaml") }
    /// Copies of the spec's source files, and the overrides.
    public var source: String { file("source") }
    /// ``RunRecord``.
    public var record: String { file("run.json") }
    /// One ``MetricRecord`` per line.
    public var metrics: String { file("metrics.jsonl") }
    /// One ``TimingRecord`` per line.
    public var timing: String { file("timing.jsonl") }
    /// ``RunSummary``.
    public var summary: String { file("summary.json") }
    /// ``ValidationNats``.
    public var validationNats: String { file("validation_nats.bin") }
    public var samples: String { file("samples") }
    public func sample(step: Int) -> String { Path.join(samples, "step-\(step).txt") }
    public var plots: String { file("plots") }
    /// The run's output.
    public var log: String { file("log.txt") }
    public var tokenizer: String { file("tokenizer") }
    /// Checkpoints, and the links to the best and the last one.
    public var checkpoints: String { file("checkpoints") }

    public func file(_ name: String) -> String { Path.join(path, name) }

    /// A new, locked run folder.
    public struct Created: Sendable {
        public let folder: RunFolder
        /// With its id.
        public let record: RunRecord
        /// Keep it while working on the run.
        public let lock: RunLock
    }

    /// Atomically creates `results/<experiment>/<yyyymmdd-hhmmss>-<identity8>`, locked and with its `run.json`: a
    /// visible run folder always has its record and initial files. If the name is taken by a run of the same spec in
    /// the same second, `-2` and so on is appended.
    ///
    /// - Parameters:
    ///   - record: provides the experiment's name, the time and the identity; its id is set here.
    ///   - fill: writes the initial files into the folder, which is still hidden.
    /// - Throws: ``FileError``, or what `fill` throws.
    public static func create(
        in results: String, record: RunRecord, fill: (_ hidden: RunFolder) throws -> Void = { _ in }
    ) throws -> Created {
        let experiment = Path.join(results, ExperimentSlug.slug(record.name))
        let identity = ExperimentSlug.slug(String(record.identity.prefix(8)))
        let stem = "\(record.created.folderText)-\(identity)"
        try DurableFolder.create(experiment)
        let hidden = Path.hiddenSibling(of: Path.join(experiment, stem))
        try DurableFolder.create(hidden)
        do {
            let lock = try RunLock(folder: hidden)
            try fill(RunFolder(path: hidden))
            var record = record
            var attempt = 1
            while true {
                record.id = attempt == 1 ? stem : "\(stem)-\(attempt)"
                try record.write(to: RunFolder(path: hidden).record)
                let folder = RunFolder(path: Path.join(experiment, record.id))
                // `rename` replaces only empty folders, and a run folder is never empty.
                do throws(FileError) { try DurableFile.move(hidden, to: folder.path) } catch {
                    guard error.isTaken else {
                        throw FileError(operation: "create run folder", path: folder.path, code: error.code)
                    }
                    attempt += 1
                    continue
                }
                try DurableFolder.sync(experiment)
                return Created(folder: folder, record: record, lock: lock)
            }
        } catch {
            try? DurableFolder.remove(hidden)
            throw error
        }
    }

    /// Takes the lock that every process needs for writing to the folder.
    ///
    /// - Throws: ``RunInUse``, ``FileError``.
    public func lock() throws -> RunLock { try RunLock(folder: path) }

    /// - Throws: ``FileError``, ``RecordError``.
    public func readRecord() throws -> RunRecord { try RunRecord.read(from: record) }

    /// Atomically changes `run.json` and returns the new record.
    @discardableResult
    public func updateRecord(_ change: (inout RunRecord) throws -> Void) throws -> RunRecord {
        var record = try readRecord()
        try change(&record)
        try record.write(to: self.record)
        return record
    }

    public func readMetrics() throws -> [MetricRecord] { try MetricRecord.read(from: metrics) }
    public func readTiming() throws -> [TimingRecord] { try TimingRecord.read(from: timing) }
    /// Nil if the run has no summary yet.
    public func readSummary() throws -> RunSummary? {
        Path.kind(of: summary) == nil ? nil : try RunSummary.read(from: summary)
    }
    /// Nil if the run has none yet.
    public func readValidationNats() throws -> ValidationNats? {
        Path.kind(of: validationNats) == nil ? nil : try ValidationNats.read(from: validationNats)
    }

    /// Rolls metrics, timing and validation nats back to a step: the checkpoint that a resumed run starts from. Each
    /// file is replaced atomically, and repeating it changes nothing. A step of -1 removes everything: the run starts
    /// over. The summary is removed, and so are unreadable validation nats, because checkpoints have copies.
    ///
    /// - Throws: ``FileError``, or ``RecordError`` for metrics or timing with a damaged line before the last.
    public func truncate(pastStep step: Int) throws {
        try RecordLines.truncate(metrics, pastStep: step)
        try RecordLines.truncate(timing, pastStep: step)
        do {
            if var nats = try readValidationNats() {
                nats.truncate(pastStep: step)
                try nats.write(to: validationNats)
            }
        } catch is RecordError { try DurableFolder.remove(validationNats) }
        try DurableFolder.remove(summary)
    }
}
