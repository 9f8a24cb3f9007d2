/// What a component can check itself against in `validate(in:)`.
public struct ExperimentContext: Sendable {
    /// Sequences and tokens per step.
    public var shape: BatchShape
    /// Optimizer steps; nil if the spec gives epochs or tokens, which need the data first.
    public var steps: Int?
    /// The loader's name.
    public var loaderName: String
    /// Whether each row of a batch begins where it ended in the previous batch.
    public var rowsContinue: Bool

    public init(shape: BatchShape, steps: Int?, loaderName: String, rowsContinue: Bool) {
        self.shape = shape
        self.steps = steps
        self.loaderName = loaderName
        self.rowsContinue = rowsContinue
    }
}
