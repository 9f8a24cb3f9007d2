public import LatheComponents
public import LatheSpec

/// An experiment with its components instantiated.
public struct Experiment: Sendable {
    public let spec: ExperimentSpec
    public let source: any DataSource
    public let cleaning: [any CleaningStep]
    public let tokenizer: any Tokenizer
    public let loader: any Loader
    public let architecture: any Architecture
    public let optimizer: any Optimizer
    public let schedule: any Schedule
    public let clipping: any ClippingPolicy
    public let stopping: any StoppingPolicy
    public let sinks: [any MetricSink]

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

    /// What components find wrong with the rest of the experiment.
    ///
    /// - Parameter steps: the run's length, if known.
    public func diagnostics(steps: Int?) throws -> [Diagnostic] {
        let shape = spec.training.shape
        let context = ExperimentContext(
            shape: shape, steps: steps, loaderName: spec.loader.name, rowsContinue: loader.rowsContinue(shape))
        return try spec.choices.flatMap { try $0.validate(in: context) }
    }

    /// Optimizer steps.
    ///
    /// - Parameter batchesPerEpoch: used if the length is given in epochs.
    public func steps(batchesPerEpoch: Int) -> Int {
        let training = spec.training
        if let steps = training.steps { return steps }
        if let tokens = training.tokens { return (tokens + training.shape.tokens - 1) / training.shape.tokens }
        return max(1, Int(((training.epochs ?? 1) * Double(batchesPerEpoch)).rounded(.up)))
    }

    /// Optimizer steps if the spec alone determines them, which it does not for epochs.
    public var declaredSteps: Int? { spec.training.epochs == nil ? steps(batchesPerEpoch: 1) : nil }
}
