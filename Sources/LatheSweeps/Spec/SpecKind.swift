import LatheComponents
public import LatheSpec

/// What a file declares, told by the keys that only one kind of file has.
public enum SpecKind: Sendable {
    /// An experiment: ``ExperimentSpec``.
    case experiment
    /// A sweep: ``SweepSpec``.
    case sweep

    /// The kind of a file; nil where its keys do not tell, or it is not YAML.
    public init?(_ file: SourceText) {
        guard let entries = (try? Node(parsing: file))?.entries else { return nil }
        let keys = Set(entries.map(\.key))
        let experiment = Set(fields(of: ExperimentSpec.self).map(\.key)),
            sweep = Set(fields(of: SweepSpec.self).map(\.key))
        switch (
            keys.isDisjoint(with: experiment.subtracting(sweep)), keys.isDisjoint(with: sweep.subtracting(experiment))
        ) {
        case (false, true): self = .experiment
        case (true, false): self = .sweep
        default: return nil
        }
    }
}
