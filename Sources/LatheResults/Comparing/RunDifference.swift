/// What differs between two runs: their inputs and their recorded curves.
public struct RunDifference: Sendable, Equatable {
    /// A kind of input to a run.
    public enum Part: String, Sendable, CaseIterable {
        case spec
        /// Program version, build and git commit.
        case code
        /// Prepared text.
        case data
        case tokenizer
        /// The machine and its linear algebra library.
        case machine
    }

    public struct Item: Sendable, Equatable {
        public var part: Part
        /// A dotted key of the spec, or the name of a field in `run.json`.
        public var key: String
        public var first: String?
        public var second: String?
    }

    /// Whether both have the same identity: equal specs, including the contents of the files they use.
    public let isSameIdentity: Bool
    /// Sorted by part.
    public let items: [Item]
    public let curves: CurveDifference

    /// - Throws: ``FileError``, ``RecordError`` where metrics cannot be read.
    public init(_ first: StoredRun, _ second: StoredRun) throws {
        self.init(
            first.record, second.record,
            curves: CurveDifference(try first.folder.readMetrics(), try second.folder.readMetrics()))
    }

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
        compare(.machine, "blas.products") { $0.blas?.products }
        compare(.machine, "blas.library") { $0.blas?.library }
        compare(.machine, "blas.kernel") { $0.blas?.kernel }
        compare(.machine, "blas.threads") { $0.blas.map { String($0.threads) } }
        compare(.machine, "blas.precision") { $0.blas?.precision }
        compare(.machine, "blas.openblas_coretype") { $0.blas?.coreType }
        self.items = items
    }
}

/// How the recorded metrics of two runs differ, bit for bit.
public struct CurveDifference: Sendable, Equatable {
    /// The first value that differs.
    public struct Parting: Sendable, Equatable {
        public var step: Int
        public var metric: String
        public var first: Double
        public var second: Double
    }

    /// The first step at which a metric that both recorded differs; nil if none does.
    public var parting: Parting?
    /// The first difference of a loss; other metrics, such as the learning rate, may differ earlier.
    public var lossParting: Parting?
    /// The last step before ``parting`` at which both recorded a common metric; nil if there is none.
    public var lastEqualStep: Int?
    public var firstLength: Int?
    public var secondLength: Int?

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
                    // Only losses, and metrics computed from them, have a split in their name.
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
