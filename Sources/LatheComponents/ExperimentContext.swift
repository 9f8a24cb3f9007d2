/// What components know of the experiment around them when they check themselves against it.
public struct ExperimentContext: Sendable {
    /// Sequences and tokens of a step.
    public var shape: BatchShape
    /// Optimizer steps, where the spec gives them: epochs and tokens need the data first.
    public var steps: Int?
    /// The loader's name.
    public var loaderName: String
    /// Whether each row of a batch begins where it ended in the batch before.
    public var rowsContinue: Bool

    /// The surroundings of a component.
    public init(shape: BatchShape, steps: Int?, loaderName: String, rowsContinue: Bool) {
        self.shape = shape
        self.steps = steps
        self.loaderName = loaderName
        self.rowsContinue = rowsContinue
    }
}
