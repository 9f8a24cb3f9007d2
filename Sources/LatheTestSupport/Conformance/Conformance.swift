public import LatheComponents
import LatheKernels
import LatheSpec

/// Checks the contract of each kind of component over everything in a registry.
///
/// A plugin in its own package runs it over its own components:
/// ```swift
/// let registry = try Registry(MyPlugin.components)
/// let failures = Conformance(registry).failures()
/// ```
/// Each component is tried with its defaults and with each knob once away from its default, if allowed. Components with
/// required knobs are tried with the given ``knobs`` and skipped if there are none.
public struct Conformance {
    public let registry: Registry
    /// Knobs as YAML in braces, by kind and name: `["source/text": ["{path: /tmp/a.txt}"]]`. They replace the knobs
    /// that would be tried.
    public var knobs: [String: [String]]
    let pool = ThreadPool(threadCount: 2)

    public init(_ registry: Registry, knobs: [String: [String]] = [:]) {
        self.registry = registry
        self.knobs = knobs
    }

    public func failures() -> [ConformanceFailure] {
        knobFailures() + scheduleFailures() + clippingFailures() + optimizerFailures() + stoppingFailures()
            + architectureFailures() + loaderFailures() + tokenizerFailures() + cleaningFailures() + sourceFailures()
            + sinkFailures()
    }

    /// Runs a check over every component of a kind in every variation. An error thrown by a check is a failure too.
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
                    // Knobs that are incompatible are not a failure, unless they were given explicitly or are the
                    // defaults.
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
    var chosen: Chosen<Product>
    var product: Product
    /// Whether all knobs have their defaults.
    var isDefault: Bool

    /// Whether the component reports problems in an experiment.
    func isRefused(in context: ExperimentContext) throws -> Bool {
        try chosen.validate(in: context).contains { $0.severity == .error }
    }
}
