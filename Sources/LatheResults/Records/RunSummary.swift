/// The outcome of a run: `summary.json`.
public struct RunSummary: Codable, Sendable, Equatable {
    /// The newest form that this version reads and writes.
    public static let currentSchemaVersion = 1

    /// The form of this record.
    public var schemaVersion: Int
    /// Completed steps.
    public var steps: Int
    /// Training tokens seen.
    public var tokens: Int
    /// The metric that decides which step is best, smaller being better.
    public var objective: String
    /// Validation metrics after the last step.
    public var final: [String: Double]
    /// Validation metrics after the best step.
    public var best: [String: Double]
    /// The step with the smallest objective.
    public var bestStep: Int?
    /// Whether the run overfitted.
    public var verdict: OverfittingVerdict
    /// Final validation less final training, in the objective's unit.
    public var gapToTraining: Double?
    /// How often each training token was seen on average.
    public var epochs: Double?
    /// The corpus's own code length of the validation text in bits a byte, where its probabilities are known.
    public var floorBitsPerByte: Double?
    /// The share of generated sentences that the corpus's grammar accepts, 0 to 1.
    public var acceptedShare: Double?
    /// Why there are no bits a byte, such as a tokenizer that cannot give its text back: the run is not ranked on them.
    public var unrankedReason: String?
    /// Why training ended: the planned length, or the stopping policy's reason.
    public var stopReason: String?
    /// Median training throughput.
    public var tokensPerSecond: Double?
    /// Median milliseconds of a training step.
    public var stepMilliseconds: Double?
    /// Seconds of work, validations and checkpoints included.
    public var seconds: Double
    /// Peak resident memory in MiB.
    public var peakMegabytes: Double?
    /// Memory in MiB that was planned before the run.
    public var plannedMegabytes: Double?
    /// How many numbers are trained.
    public var parameters: Int
    /// Floating-point operations of forward and backward pass a token.
    public var flopsPerToken: Double?
    /// Bytes of text that a token of the training split stands for, on average.
    public var bytesPerToken: Double?

    /// The outcome's required part; the rest is set where it is known.
    public init(
        steps: Int, tokens: Int, objective: String = MetricName.validationBitsPerByte, final: [String: Double],
        best: [String: Double], bestStep: Int?, verdict: OverfittingVerdict, seconds: Double, parameters: Int
    ) {
        schemaVersion = Self.currentSchemaVersion
        self.steps = steps
        self.tokens = tokens
        self.objective = objective
        self.final = final
        self.best = best
        self.bestStep = bestStep
        self.verdict = verdict
        self.seconds = seconds
        self.parameters = parameters
    }

    enum CodingKeys: String, CodingKey {
        case steps, tokens, objective, final, best, verdict, epochs, seconds, parameters
        case schemaVersion = "schema_version"
        case bestStep = "best_step"
        case gapToTraining = "gap_to_training"
        case floorBitsPerByte = "floor_bits_per_byte"
        case acceptedShare = "accepted_share"
        case unrankedReason = "unranked_reason"
        case stopReason = "stop_reason"
        case tokensPerSecond = "tokens_per_second"
        case stepMilliseconds = "step_ms"
        case peakMegabytes = "peak_rss_mb"
        case plannedMegabytes = "planned_mb"
        case flopsPerToken = "flops_per_token"
        case bytesPerToken = "bytes_per_token"
    }

    /// - Throws: ``FileError``, or ``RecordError`` where the contents are wrong.
    public static func read(from path: String) throws -> RunSummary {
        try RecordCoding.read(RunSummary.self, from: path, schemaVersion: currentSchemaVersion)
    }

    /// Replaces the file in one step.
    public func write(to path: String) throws { try RecordCoding.write(self, to: path) }
}
