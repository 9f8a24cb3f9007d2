import LatheComponents
public import LatheSpec

/// The kind of a file, recognised by keys that only one kind has.
public enum SpecKind: Sendable {
    case experiment
    case sweep

    /// Nil if the keys are ambiguous or the file is not YAML.
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
