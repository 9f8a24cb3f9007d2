/// Several runs side by side: what differs in their configurations, and what came of it.
public struct RunComparison: Sendable {
    /// A run with its figures.
    public struct Row: Sendable {
        /// The run's id.
        public var id: String
        /// The experiment's name.
        public var name: String
        /// Where the run stands.
        public var status: RunStatus
        /// Its resolved spec, flat.
        public var configuration: [String: String]
        /// Its figures.
        public var figures: RunFigures
        /// What it was made from.
        public var hashes: HashesRecord

        /// A run as given; ``RunComparison/init(runs:)`` reads stored ones.
        public init(
            id: String, name: String, status: RunStatus, configuration: [String: String], figures: RunFigures,
            hashes: HashesRecord = HashesRecord()
        ) {
            self.id = id
            self.name = name
            self.status = status
            self.configuration = configuration
            self.figures = figures
            self.hashes = hashes
        }
    }

    /// The runs, in the order given.
    public let rows: [Row]
    /// The dotted keys whose values are not the same in all runs, sorted; a key that a run lacks counts as differing. Names, descriptions and tags
    /// are left out.
    public let differingKeys: [String]
    /// What makes the figures hard to compare, a sentence each: other validation text, split or context.
    public let warnings: [String]

    /// Keys that say nothing about what was trained.
    private static let ignoredKeys = ["name", "description", "tags"]

    /// Compares runs as given.
    public init(rows: [Row]) {
        self.rows = rows
        let keys = Set(rows.flatMap(\.configuration.keys)).filter { key in
            !Self.ignoredKeys.contains { key == $0 || key.hasPrefix($0 + ".") || key.hasPrefix($0 + "[") }
        }
        differingKeys = keys.filter { key in Set(rows.map { $0.configuration[key] }).count > 1 }.sorted()
        warnings = Self.warnings(rows, differingKeys)
    }

    /// Compares stored runs.
    ///
    /// - Throws: ``FileError``, ``RecordError`` for a run whose figures cannot be read.
    public init(runs: [StoredRun]) throws {
        self.init(
            rows: try runs.map { run in
                Row(
                    id: run.id, name: run.record.name, status: run.status, configuration: run.record.configuration,
                    figures: try RunFigures(run: run), hashes: run.record.hashes)
            })
    }

    /// A metric's name where at least one run has it at its last validation.
    public func has(_ metric: String) -> Bool { rows.contains { $0.figures.final[metric] != nil } }

    private static func warnings(_ rows: [Row], _ differingKeys: [String]) -> [String] {
        var warnings: [String] = []
        let texts = rows.map(\.hashes.validation)
        // Equal hashes are equal text, however the data is configured.
        let textDiffers =
            texts.contains(nil)
            ? differingKeys.contains { $0 == "data" || $0.hasPrefix("data.") } : Set(texts).count > 1
        if textDiffers {
            let keys = differingKeys.filter { $0.hasPrefix("data.") }
            let detail = keys.isEmpty ? "" : " (they differ in \(keys.joined(separator: ", ")))"
            warnings.append(
                "the runs were not validated on the same text\(detail): their figures do not rank them")
        }
        let context = "training.context"
        if differingKeys.contains(context) {
            let values = rows.map { $0.configuration[context] ?? "none" }
            let distinct = values.enumerated().filter { values.firstIndex(of: $0.element) == $0.offset }.map(\.element)
            warnings.append(
                "the runs differ in context (\(distinct.joined(separator: ", ")) tokens): "
                    + "a longer one sees more text before each token")
        }
        return warnings
    }
}
