import LatheSpec

/// Finds trials that are the same run, and the axes that make no difference.
struct EqualTrials {
    let definition: SweepDefinition

    /// One error per set of axes without effect.
    func problems(_ trials: [Trial]) -> [Diagnostic] {
        var first: [String: Trial] = [:]
        var said: Set<[String]> = []
        var problems: [Diagnostic] = []
        for trial in trials {
            guard let twin = first[trial.identity] else {
                first[trial.identity] = trial
                continue
            }
            var axes: [(name: String, values: (String, String), mark: Mark?)] = []
            if let own = trial.variant, let other = twin.variant, own != other {
                axes.append(("variant", (other, own), definition.variants.first { $0.name == own }?.mark))
            }
            for (own, other) in zip(trial.parameters, twin.parameters) where own.value != other.value {
                axes.append((own.key, (other.value.inline, own.value.inline), own.value.mark))
            }
            guard said.insert(axes.map(\.name) + [String(trial.repetition - twin.repetition)]).inserted else {
                continue
            }
            if trial.repetition != twin.repetition {
                problems.append(
                    Diagnostic(
                        "seed \(trial.seed) occurs twice: 'seed' is a parameter, and "
                            + "'repeat: \(definition.repeats)' counts up from each of its values; remove one of them",
                        at: axes.last?.mark))
                continue
            }
            let names = axes.map { "'\($0.name)' (\($0.values.0), \($0.values.1))" }.joined(separator: " and ")
            problems.append(
                Diagnostic(
                    axes.isEmpty
                        ? "duplicate cell: \(trial.label)"
                        : "\(names) changes nothing: both are the same run",
                    at: axes.last?.mark ?? trial.parameters.last?.value.mark,
                    note: axes.isEmpty ? nil : "\(twin.label) and \(trial.label) have the same identity"))
        }
        return problems
    }
}
