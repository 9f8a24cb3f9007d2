/// What a component may check its knobs against.
public struct ExperimentContext: Sendable {
    /// A context that says nothing.
    public init() {}
}
