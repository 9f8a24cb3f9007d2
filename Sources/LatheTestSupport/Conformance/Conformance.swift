public import LatheComponents
import LatheKernels
import LatheSpec

/// What every component promises, checked over all components of a registry: the contract of each kind as a program.
///
/// A plugin in a package of its own runs it over a registry of its own components:
/// ```swift
/// let registry = try Registry(MyPlugin.components)
/// let failures = Conformance(registry).failures()
/// ```
/// Each component is tried with its defaults and with each knob once away from its default, where that is allowed. Components with required knobs are tried
/// with the knobs given, and left out where none are.
public struct Conformance {
    /// The components to check.
    public let registry: Registry
    /// Knobs as YAML in braces, by kind and name: `["source/text": ["{path: /tmp/a.txt}"]]`. They replace the ones that would be tried.
    public var knobs: [String: [String]]
    let pool = ThreadPool(threadCount: 2)

    /// A suite over all components of a registry.
    public init(_ registry: Registry, knobs: [String: [String]] = [:]) {
        self.registry = registry
        self.knobs = knobs
    }

    /// All that is wrong with any component.
    public func failures() -> [ConformanceFailure] {
        knobFailures() + scheduleFailures() + clippingFailures() + optimizerFailures() + stoppingFailures()
            + architectureFailures() + loaderFailures() + tokenizerFailures() + cleaningFailures() + sourceFailures()
            + sinkFailures()
    }

    /// Runs a check over every component of a kind, in every variation. What a check throws is a failure too.
    func check<Slot: ComponentSlot>(
        _ slot: Slot.Type, _ body: (Subject<Slot.Product>, inout Findings) throws -> Void
    ) -> [ConformanceFailure] {
        var failures: [ConformanceFailure] = []
        for entry in registry.components(of: Slot.kind.name) {
            for knobs in variations(of: entry) {
                let title = "\(entry.kind) '\(entry.name)'" + (knobs == "{}" ? "" : " " + knobs)
                var findings = Findings(title)
                let loaded = loadComponent(slot, name: entry.name, knobs: knobs)
                guard let chosen = loaded.spec?.component else {
                    // Knobs that do not go together are no failure; knobs that were asked for and that the defaults need are.
                    if self.knobs["\(entry.kind)/\(entry.name)"] != nil || (knobs == "{}" && !entry.hasRequiredKnobs) {
                        findings.fail("can be made", loaded.problems.description)
                    }
                    failures += findings.failures
                    continue
                }
                do {
                    try body(Subject(chosen: chosen, product: try chosen.make(), isDefault: knobs == "{}"), &findings)
                } catch {
                    findings.fail("throws nothing on good input", "\(error)")
                }
                failures += findings.failures
            }
        }
        return failures
    }
}

/// A component under test.
struct Subject<Product> {
    /// The component as a spec chose it.
    var chosen: Chosen<Product>
    /// The component.
    var product: Product
    /// Whether all knobs have their defaults.
    var isDefault: Bool

    /// Whether the component finds itself at odds with an experiment.
    func isRefused(in context: ExperimentContext) throws -> Bool {
        try chosen.validate(in: context).contains { $0.severity == .error }
    }
}
