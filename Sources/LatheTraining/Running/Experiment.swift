public import LatheComponents
public import LatheSpec

/// An experiment with its components made.
public struct Experiment: Sendable {
    /// What was declared.
    public let spec: ExperimentSpec
    /// Where text comes from.
    public let source: any DataSource
    /// How it is cleaned.
    public let cleaning: [any CleaningStep]
    /// How it becomes tokens.
    public let tokenizer: any Tokenizer
    /// How tokens become batches.
    public let loader: any Loader
    /// The model.
    public let architecture: any Architecture
    /// How weights are updated.
    public let optimizer: any Optimizer
    /// The learning rate's course.
    public let schedule: any Schedule
    /// How gradients are tamed.
    public let clipping: any ClippingPolicy
    /// When to stop early.
    public let stopping: any StoppingPolicy
    /// Where metrics go besides.
    public let sinks: [any MetricSink]

    /// Makes all components of a spec.
    public init(_ spec: ExperimentSpec) throws {
        self.spec = spec
        source = try spec.data.source.make()
        cleaning = try spec.data.cleaning.map { try $0.make() }
        tokenizer = try spec.tokenizer.make()
        loader = try spec.loader.make()
        architecture = try spec.model.make()
        optimizer = try spec.optimizer.make()
        schedule = try spec.schedule.make()
        clipping = try spec.clipping.make()
        stopping = try spec.stopping.make()
        sinks = try spec.sinks.map { try $0.make() }
    }

    /// What components find wrong with the experiment around them.
    ///
    /// - Parameter steps: the run's length, where it is known.
    public func diagnostics(steps: Int?) throws -> [Diagnostic] {
        let shape = spec.training.shape
        let context = ExperimentContext(
            shape: shape, steps: steps, loaderName: spec.loader.name, rowsContinue: loader.rowsContinue(shape))
        return try spec.choices.flatMap { try $0.validate(in: context) }
    }

    /// Optimizer steps, given the tokens of the training split.
    public func steps(batchesPerEpoch: Int) -> Int {
        let training = spec.training
        if let steps = training.steps { return steps }
        if let tokens = training.tokens { return (tokens + training.shape.tokens - 1) / training.shape.tokens }
        return max(1, Int(((training.epochs ?? 1) * Double(batchesPerEpoch)).rounded(.up)))
    }

    /// Optimizer steps where the spec says them without the data: not for epochs.
    public var declaredSteps: Int? { spec.training.epochs == nil ? steps(batchesPerEpoch: 1) : nil }
}
