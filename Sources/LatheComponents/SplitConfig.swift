public import LatheSpec

/// The share of characters that each split takes, in this order; what is left over is not used.
public struct SplitConfig: ComponentConfig {
    /// Training.
    @Field("Share of the characters to train on.", above: 0.0, below: 1.0) public var train = 0.9
    /// Validation.
    @Field("Share of the characters to validate on, which follow.", above: 0.0, below: 1.0) public var validation = 0.1
    /// Test.
    @Field("Share of the characters kept for a last test, which follow.", in: 0.0..<1.0) public var test = 0.0

    /// The defaults.
    public init() {}

    /// No more than there is.
    public func check(_ problems: inout Problems) {
        let sum = train + validation + test
        guard sum > 1 + 1e-9 else { return }
        problems.error(
            "the split's shares add up to \(sum), which is more than 1", at: $validation.mark ?? $train.mark)
    }
}
