/// What a component may check its knobs against.
public struct ExperimentContext: Sendable {}
