public import LatheComponents
import LatheGraph
import LatheKernels
public import LatheResults
public import LatheSpec

/// What a new run is made from.
public struct RunRequest {
    public var experiment: Experiment
    /// SHA-256 of everything that decides the run's results: ``identityText(_:parent:precision:hash:)``.
    public var identity: String
    /// As ``identity``, but without the seed: ``configurationText(_:parent:precision:hash:)``.
    public var configurationHash: String
    /// The files that the spec was read from.
    public var files: [SourceText]
    public var overrides: [String]
    public var commandLine: [String]
    public var version: String
    public var machine: MachineRecord
    public var blas: LinearAlgebraRecord
    /// The checkpoint that a fork starts from.
    public var parent: RunRecord.Parent?

    public init(
        experiment: Experiment, identity: String, configurationHash: String, files: [SourceText], overrides: [String],
        commandLine: [String], version: String, machine: MachineRecord, blas: LinearAlgebraRecord,
        parent: RunRecord.Parent? = nil
    ) {
        self.experiment = experiment
        self.identity = identity
        self.configurationHash = configurationHash
        self.files = files
        self.overrides = overrides
        self.commandLine = commandLine
        self.version = version
        self.machine = machine
        self.blas = blas
        self.parent = parent
    }

    /// The text whose hash is a run's identity: the canonical spec with files replaced by their content hashes, for a
    /// fork its starting point, and for `bf16_if_available` the fallback, if it is taken.
    ///
    /// - Parameters:
    ///   - precision: of products, such as `fp32`; nil for what this machine would choose.
    ///   - hash: the content hash of a path.
    public static func identityText(
        _ spec: ExperimentSpec, parent: (identity: String, step: Int)?, precision: String? = nil,
        hash: @escaping @Sendable (SpecPath) -> String
    ) -> String {
        let isFallback =
            spec.compute.precision == .bf16IfAvailable
            && (precision ?? spec.compute.precision.products.name) == ProductPrecision.single.name
        return spec.canonicalText(path: hash) + documentMark(spec)
            + (parent.map { "\nfork of \($0.identity) at step \($0.step)" } ?? "")
            + (isFallback ? "\nbfloat16 is unavailable" : "")
    }

    /// Marks a spec whose text has several documents, if its tokenizer handles them differently than it once did.
    private static func documentMark(_ spec: ExperimentSpec) -> String {
        guard let source = try? spec.data.source.make(), let tokenizer = try? spec.tokenizer.make() else { return "" }
        let revision = tokenizer.documentRevision(for: source.documentLayout)
        return revision > 1 ? "\ndocuments \(revision)" : ""
    }

    /// The text whose hash is a run's configuration: its identity without the seed, so that it is equal for repeated
    /// runs.
    ///
    /// - Parameters:
    ///   - parent: the configuration hash and the step of the run that a fork starts from.
    ///   - precision: as for ``identityText(_:parent:precision:hash:)``.
    ///   - hash: the content hash of a path.
    public static func configurationText(
        _ spec: ExperimentSpec, parent: (configuration: String, step: Int)?, precision: String? = nil,
        hash: @escaping @Sendable (SpecPath) -> String
    ) -> String {
        var spec = spec
        spec.seed = ExperimentSpec().seed
        return identityText(spec, parent: parent.map { ($0.configuration, $0.step) }, precision: precision, hash: hash)
    }

    func record(_ plan: RunPlan, _ data: RunData) -> RunRecord {
        let spec = experiment.spec
        var record = RunRecord(
            name: spec.name, identity: identity, seed: spec.seed, latheVersion: version, commandLine: commandLine,
            configuration: spec.resolved.flattened)
        record.parent = parent
        record.machine = machine
        record.blas = blas
        record.git = .current()
        record.hashes = HashesRecord(
            data: data.dataHash, validation: data.validationHash, tokenizer: data.tokenizerHash, spec: identity,
            configuration: configurationHash)
        record.parameters = plan.layout.parameterCount
        return record
    }
}

extension Node {
    /// All scalars by their dotted keys.
    var flattened: [String: String] {
        var result: [String: String] = [:]
        func visit(_ node: Node, _ key: String) {
            switch node.content {
            case .scalar(let text, _): result[key] = text
            case .sequence(let items):
                if items.isEmpty { result[key] = "[]" }
                for (index, item) in items.enumerated() { visit(item, "\(key).\(index)") }
            case .mapping(let entries):
                for entry in entries { visit(entry.value, key.isEmpty ? entry.key : "\(key).\(entry.key)") }
            }
        }
        visit(self, "")
        return result
    }
}
