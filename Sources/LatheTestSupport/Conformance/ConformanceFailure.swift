/// A component that breaks the contract of its kind.
public struct ConformanceFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public var component: String
    /// What it should do: `the same seed gives the same batches`.
    public var requirement: String
    /// What it did instead.
    public var found: String

    public init(component: String, requirement: String, found: String) {
        self.component = component
        self.requirement = requirement
        self.found = found
    }

    /// `optimizer 'sgd' {momentum: 0.5}: a rate of 0 changes nothing: weight 3 changed from 1.0 to 0.9`
    public var description: String { "\(component): \(requirement): \(found)" }
}

/// Collects the failures of a component.
struct Findings {
    private(set) var failures: [ConformanceFailure] = []
    let component: String

    init(_ component: String) { self.component = component }

    /// Records a failure unless the condition holds.
    mutating func require(_ condition: Bool, _ requirement: String, _ found: @autoclosure () -> String) {
        guard !condition else { return }
        fail(requirement, found())
    }

    /// Records a failure, once per requirement, so that a loop does not drown the rest.
    mutating func fail(_ requirement: String, _ found: String) {
        guard !failures.contains(where: { $0.requirement == requirement }) else { return }
        failures.append(ConformanceFailure(component: component, requirement: requirement, found: found))
    }
}
