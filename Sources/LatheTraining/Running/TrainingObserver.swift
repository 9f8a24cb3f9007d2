public import LatheResults

/// Follows a run: a progress line, say.
public protocol TrainingObserver: AnyObject {
    /// A step was done.
    func stepped(_ progress: TrainingProgress)
    /// The model was validated.
    func validated(_ record: MetricRecord, isBest: Bool)
    /// Text was sampled.
    func sampled(step: Int, text: String)
    /// Something worth a line happened.
    func noted(_ message: String)
}

/// How far a run has come.
public struct TrainingProgress: Sendable {
    /// Optimizer steps done.
    public var step: Int
    /// Optimizer steps of the run.
    public var steps: Int
    /// The batch's loss in nats a token.
    public var loss: Double
    /// The last validation loss, where there is one.
    public var validationLoss: Double?
    /// Tokens a second in this step.
    public var tokensPerSecond: Double
    /// Seconds that are left, by the median step and the last validation.
    public var secondsLeft: Double
}
