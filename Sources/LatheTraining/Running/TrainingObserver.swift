public import LatheResults

/// Receives the events of a run, for example to show progress.
public protocol TrainingObserver: AnyObject {
    func stepped(_ progress: TrainingProgress)
    /// Called often during a validation, with the share that is done.
    func validating(share: Double)
    func validated(_ record: MetricRecord, isBest: Bool)
    func sampled(step: Int, text: String)
    func noted(_ message: String)
}

extension TrainingObserver {
    public func validating(share: Double) {}
}

public struct TrainingProgress: Sendable {
    /// Optimizer steps done.
    public var step: Int
    /// Optimizer steps of the run.
    public var steps: Int
    /// The batch's loss in nats per token.
    public var loss: Double
    public var validationLoss: Double?
    /// Tokens per second in this step.
    public var tokensPerSecond: Double
    /// Estimated from the median step and the last validation.
    public var secondsLeft: Double
}
