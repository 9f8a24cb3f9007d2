public import LatheComponents
public import LatheSpec

/// One run that a sweep wants.
public struct Trial: Sendable {
    /// The variant's name, in a sweep with variants.
    public var variant: String?
    /// The parameters' values, in the order of the sweep.
    public var parameters: [Setting]
    /// The seed.
    public var seed: UInt64
    /// Which of the runs of its cell it is, from 0.
    public var repetition: Int
    /// The whole experiment.
    public var spec: ExperimentSpec
    /// The identity of the run.
    public var identity: String

    /// A parameter with its value.
    public struct Setting: Sendable {
        /// The dotted key.
        public var key: String
        /// The value.
        public var value: Node
    }

    /// What tells it from the others: `lstm, optimizer.learning_rate 1e-3, seed 1337`.
    public var label: String {
        let parts = (variant.map { [$0] } ?? []) + parameters.map { "\($0.key) \($0.value.inline)" }
        return (parts + ["seed \(seed)"]).joined(separator: ", ")
    }
}
