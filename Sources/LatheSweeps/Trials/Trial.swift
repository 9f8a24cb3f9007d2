public import LatheComponents
public import LatheSpec

/// One run of a sweep.
public struct Trial: Sendable {
    /// Nil in a sweep without variants.
    public var variant: String?
    /// In the order of the sweep.
    public var parameters: [Setting]
    public var seed: UInt64
    /// The index of the seed within the cell, from 0.
    public var repetition: Int
    public var spec: ExperimentSpec
    public var identity: String

    public struct Setting: Sendable {
        public var key: String
        public var value: Node
    }

    /// Distinguishes the trial from the others: `lstm, optimizer.learning_rate 1e-3, seed 1337`.
    public var label: String {
        let parts = (variant.map { [$0] } ?? []) + parameters.map { "\($0.key) \($0.value.inline)" }
        return (parts + ["seed \(seed)"]).joined(separator: ", ")
    }
}
