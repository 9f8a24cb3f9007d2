import LatheComponents
import LatheSpec

extension Conformance {
    /// Checks the declarations of every component: a summary, a sentence of help for every knob, and a resolved spec
    /// that reads back unchanged.
    public func knobFailures() -> [ConformanceFailure] {
        var failures: [ConformanceFailure] = []
        for kind in registry.kinds {
            for entry in registry.components(of: kind.name) {
                var findings = Findings("\(entry.kind) '\(entry.name)'")
                findings.require(
                    entry.summary.hasSuffix(".") && entry.summary.count > 10, "has a summary that is a sentence",
                    "'\(entry.summary)'")
                findings.require(entry.revision >= 1, "has a revision from 1", "\(entry.revision)")
                findings.require(
                    entry.name.utf8.allSatisfy { $0 == 95 || (48...57).contains($0) || (97...122).contains($0) },
                    "has a name in snake_case", "'\(entry.name)'")
                checkFields(entry.fields, "", &findings)
                failures += findings.failures
            }
        }
        failures += roundTrips(SourceSlot.self) + roundTrips(CleaningSlot.self) + roundTrips(TokenizerSlot.self)
        failures += roundTrips(LoaderSlot.self) + roundTrips(ArchitectureSlot.self) + roundTrips(OptimizerSlot.self)
        failures += roundTrips(ScheduleSlot.self) + roundTrips(ClippingSlot.self) + roundTrips(StoppingSlot.self)
        return failures + roundTrips(SinkSlot.self)
    }

    private func checkFields(_ fields: [FieldDescription], _ prefix: String, _ findings: inout Findings) {
        for field in fields {
            findings.require(
                field.help.hasSuffix(".") && field.help.count > 5,
                "documents its knob '\(prefix + field.key)' in a sentence",
                "'\(field.help)'")
            if case .group(let inner) = field.schema { checkFields(inner, prefix + field.key + ".", &findings) }
        }
    }

    private func roundTrips<Slot: ComponentSlot>(_ slot: Slot.Type) -> [ConformanceFailure] {
        check(slot) { subject, findings in
            let first = OneComponentText(subject.chosen)
            let again = load(slot, first.resolved)
            guard let spec = again.spec else {
                findings.fail("its resolved spec reads back", "\(again.problems.description)\n\(first.resolved)")
                return
            }
            let second = OneComponentText(spec.component)
            findings.require(
                first.resolved == second.resolved, "its resolved spec reads back unchanged",
                "\(first.resolved) became \(second.resolved)")
            findings.require(
                first.canonical == canonical(spec), "writing out defaults does not change its identity",
                "\(first.canonical) became \(canonical(spec))")
        }
    }

    private func canonical<Slot>(_ spec: OneComponent<Slot>) -> String { OneComponentText(spec.component).canonical }
}

/// A component as its own spec, resolved and canonical.
private struct OneComponentText {
    var resolved: String
    var canonical: String

    init(_ chosen: some AnyChosen) {
        resolved = Node.mapping([.init("component", chosen.resolved)]).yaml
        canonical = "\(chosen.kind)/\(chosen.name)/\(chosen.revision) " + chosen.config.canonicalText()
    }
}
