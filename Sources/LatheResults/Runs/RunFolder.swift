#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder of one run: where everything in it lies.
public struct RunFolder: Sendable, Hashable {
    /// The folder.
    public let path: String

    /// The run folder at this path, which need not exist.
    public init(path: String) { self.path = Path.withoutTrailingSlashes(path) }

    /// The folder's own name: the run's id.
    public var name: String { Path.name(of: path) }
    /// The resolved spec, which runs again on its own.
    public var configuration: String { file("config.yaml") }
    /// The files that the spec came from, and the overrides.
    public var source: String { file("source") }
    /// ``RunRecord``.
    public var record: String { file("run.json") }
    /// ``MetricRecord``, one a line.
    public var metrics: String { file("metrics.jsonl") }
    /// ``TimingRecord``, one a line.
    public var timing: String { file("timing.jsonl") }
    /// ``RunSummary``.
    public var summary: String { file("summary.json") }
    /// ``ValidationNats``.
    public var validationNats: String { file("validation_nats.bin") }
    /// Generated text.
    public var samples: String { file("samples") }
    /// The text generated after a step.
    public func sample(step: Int) -> String { Path.join(samples, "step-\(step).txt") }
    /// Curves.
    public var plots: String { file("plots") }
    /// What the run printed.
    public var log: String { file("log.txt") }
    /// The fitted tokenizer.
    public var tokenizer: String { file("tokenizer") }
    /// The checkpoints and the links to the best and the last one.
    public var checkpoints: String { file("checkpoints") }

    /// A path in this folder.
    public func file(_ name: String) -> String { Path.join(path, name) }

    /// A run folder that has just been made, and is locked.
    public struct Created: Sendable {
        /// The folder.
        public let folder: RunFolder
        /// The record as it was written, with its id.
        public let record: RunRecord
        /// The lock: hold it for as long as the run is worked on.
        public let lock: RunLock
    }

    /// Makes `results/<experiment>/<yyyymmdd-hhmmss>-<identity8>` with `run.json` in it, locked, all in one step: a run folder that can be seen has its
    /// record and all else that it begins with. Where the name is taken, by a run of the same spec in the same second, `-2` and so on is added.
    ///
    /// - Parameters:
    ///   - record: gives the experiment's name, the time and the identity; its id is set here.
    ///   - fill: writes what the run begins with into the folder, which is still hidden.
    /// - Throws: ``FileError``, and what `fill` throws.
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
                // A folder replaces an empty one only, and a run folder never is empty.
                if rename(hidden, folder.path) == 0 {
                    try DurableFolder.sync(experiment)
                    return Created(folder: folder, record: record, lock: lock)
                }
                guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR else {
                    throw FileError("create run folder", folder.path)
                }
                attempt += 1
            }
        } catch {
            try? DurableFolder.remove(hidden)
            throw error
        }
    }

    /// Takes the folder's lock, as every process does that writes into it.
    ///
    /// - Throws: ``RunInUse``, ``FileError``.
    public func lock() throws -> RunLock { try RunLock(folder: path) }

    /// Reads `run.json`.
    ///
    /// - Throws: ``FileError``, ``RecordError``.
    public func readRecord() throws -> RunRecord { try RunRecord.read(from: record) }

    /// Changes `run.json` in one step and returns what was written.
    @discardableResult
    public func updateRecord(_ change: (inout RunRecord) throws -> Void) throws -> RunRecord {
        var record = try readRecord()
        try change(&record)
        try record.write(to: self.record)
        return record
    }

    /// Reads `metrics.jsonl`.
    public func readMetrics() throws -> [MetricRecord] { try MetricRecord.read(from: metrics) }
    /// Reads `timing.jsonl`.
    public func readTiming() throws -> [TimingRecord] { try TimingRecord.read(from: timing) }
    /// Reads `summary.json`; nil where the run has none yet.
    public func readSummary() throws -> RunSummary? {
        Path.kind(of: summary) == nil ? nil : try RunSummary.read(from: summary)
    }
    /// Reads `validation_nats.bin`; nil where the run has none yet.
    public func readValidationNats() throws -> ValidationNats? {
        Path.kind(of: validationNats) == nil ? nil : try ValidationNats.read(from: validationNats)
    }

    /// Takes metrics, timing and validation nats back to a step, the one of the checkpoint that a resumed run starts from; each file is replaced in
    /// one step, and doing it twice is the same as once. With a step of -1 nothing is left: the run starts over. The summary goes, and validation nats
    /// that cannot be read: checkpoints have copies.
    ///
    /// - Throws: ``FileError``, or ``RecordError`` for metrics or timing that are broken elsewhere than at their end.
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
