/// What differs between two runs: in what they were made from, and in what came of it.
public struct RunDifference: Sendable, Equatable {
    /// A part of what a run is made from.
    public enum Part: String, Sendable, CaseIterable {
        /// The resolved spec.
        case spec
        /// The program: version, build, git commit.
        case code
        /// The prepared text.
        case data
        /// The fitted tokenizer.
        case tokenizer
        /// The machine and its linear algebra.
        case machine
    }

    /// A value that is not the same in both.
    public struct Item: Sendable, Equatable {
        /// The part that it belongs to.
        public var part: Part
        /// Its name: a dotted key of the spec, or that of a field in `run.json`.
        public var key: String
        /// The first run's value; nil where it has none.
        public var first: String?
        /// The second's.
        public var second: String?
    }

    /// Whether both are the same run by their specs, contents of files included.
    public let isSameIdentity: Bool
    /// What differs, by parts.
    public let items: [Item]
    /// How the recorded curves relate.
    public let curves: CurveDifference

    /// Compares two stored runs.
    ///
    /// - Throws: ``FileError``, ``RecordError`` where metrics cannot be read.
    public init(_ first: StoredRun, _ second: StoredRun) throws {
        self.init(
            first.record, second.record,
            curves: CurveDifference(try first.folder.readMetrics(), try second.folder.readMetrics()))
    }

    /// Compares two records.
    public init(_ first: RunRecord, _ second: RunRecord, curves: CurveDifference) {
        isSameIdentity = first.identity == second.identity
        self.curves = curves
        var items: [Item] = []
        func compare(_ part: Part, _ key: String, _ value: (RunRecord) -> String?) {
            let (own, other) = (value(first), value(second))
            if own != other { items.append(Item(part: part, key: key, first: own, second: other)) }
        }
        for key in Set(first.configuration.keys).union(second.configuration.keys).sorted() {
            compare(.spec, key) { $0.configuration[key] }
        }
        compare(.spec, "parent") { $0.parent.map { "\($0.run)@\($0.step)" } }
        compare(.code, "lathe_version") { $0.latheVersion }
        compare(.code, "git.commit") { $0.git?.commit }
        compare(.code, "git.dirty") { $0.git.map { $0.dirty ? "true" : "false" } }
        compare(.data, "hashes.data") { $0.hashes.data }
        compare(.data, "hashes.validation") { $0.hashes.validation }
        compare(.tokenizer, "hashes.tokenizer") { $0.hashes.tokenizer }
        compare(.machine, "machine.host") { $0.machine?.host }
        compare(.machine, "machine.processor") { $0.machine?.processor }
        compare(.machine, "machine.simd_level") { $0.machine?.simdLevel }
        compare(.machine, "machine.system") { $0.machine?.system }
        compare(.machine, "machine.cores") { $0.machine.map { String($0.cores) } }
        compare(.machine, "blas.library") { $0.blas?.library }
        compare(.machine, "blas.kernel") { $0.blas?.kernel }
        compare(.machine, "blas.threads") { $0.blas.map { String($0.threads) } }
        compare(.machine, "blas.precision") { $0.blas?.precision }
        compare(.machine, "blas.openblas_coretype") { $0.blas?.coreType }
        self.items = items
    }
}

/// How the recorded metrics of two runs relate, compared to the bit.
public struct CurveDifference: Sendable, Equatable {
    /// The first value that differs.
    public struct Parting: Sendable, Equatable {
        /// The step.
        public var step: Int
        /// The metric.
        public var metric: String
        /// The first run's value.
        public var first: Double
        /// The second's.
        public var second: Double
    }

    /// Where the curves part: the first step at which a metric that both recorded differs; nil where none does.
    public var parting: Parting?
    /// Where losses part: the learning rate, say, parts first.
    public var lossParting: Parting?
    /// The last step that both recorded something at and that is the same in both; nil where there is none.
    public var lastEqualStep: Int?
    /// The last step of the first run.
    public var firstLength: Int?
    /// The last step of the second run.
    public var secondLength: Int?

    /// Compares metrics, as read from `metrics.jsonl`.
    public init(_ first: [MetricRecord], _ second: [MetricRecord]) {
        firstLength = first.last?.step
        secondLength = second.last?.step
        let (own, other) = (Self.bySteps(first), Self.bySteps(second))
        for step in own.keys.sorted() {
            guard let left = own[step], let right = other[step] else { continue }
            for metric in left.keys.sorted() {
                guard let a = left[metric], let b = right[metric] else { continue }
                if a.bitPattern != b.bitPattern, !(a.isNaN && b.isNaN) {
                    let place = Parting(step: step, metric: metric, first: a, second: b)
                    if parting == nil { parting = place }
                    // The losses and figures made of them have their split in their name.
                    if metric.contains("/") {
                        lossParting = place
                        return
                    }
                }
            }
            if parting == nil, !Set(left.keys).isDisjoint(with: right.keys) { lastEqualStep = step }
        }
    }

    private static func bySteps(_ records: [MetricRecord]) -> [Int: [String: Double]] {
        var result: [Int: [String: Double]] = [:]
        for record in records { result[record.step, default: [:]].merge(record.values) { _, last in last } }
        return result
    }
}
