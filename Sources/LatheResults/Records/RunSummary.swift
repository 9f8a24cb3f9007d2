/// `summary.json`: the results of a run.
public struct RunSummary: Codable, Sendable, Equatable {
    /// The newest version that this build reads and writes.
    public static let currentSchemaVersion = 1

    public var schemaVersion: Int
    public var steps: Int
    public var tokens: Int
    /// The metric that decides which step is best; smaller is better.
    public var objective: String
    public var final: [String: Double]
    public var best: [String: Double]
    /// The step with the smallest objective.
    public var bestStep: Int?
    public var verdict: OverfittingVerdict
    /// Final validation minus final training, in the objective's unit.
    public var gapToTraining: Double?
    /// How often each training token was seen, on average.
    public var epochs: Double?
    /// The entropy of the validation text in bits per byte, if the corpus's probabilities are known.
    public var floorBitsPerByte: Double?
    /// The share of generated sentences that the corpus's grammar accepts, 0 to 1.
    public var acceptedShare: Double?
    /// Why there are no bits per byte, such as a tokenizer that cannot restore its text; the run is not ranked on them.
    public var unrankedReason: String?
    /// The planned length, or the stopping policy's reason.
    public var stopReason: String?
    public var tokensPerSecond: Double?
    /// Median duration of a training step.
    public var stepMilliseconds: Double?
    /// Seconds of work, validations and checkpoints included.
    public var seconds: Double
    /// Peak resident memory in MiB.
    public var peakMegabytes: Double?
    /// Memory in MiB, as planned before the run.
    public var plannedMegabytes: Double?
    /// The number of trained parameters.
    public var parameters: Int
    /// Floating-point operations of the forward and backward pass, per token.
    public var flopsPerToken: Double?
    /// Average bytes of text per token of the training split.
    public var bytesPerToken: Double?

    /// The required part; the caller sets the rest if known.
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

    /// - Throws: ``FileError``, or ``RecordError`` if the contents are wrong.
    public static func read(from path: String) throws -> RunSummary {
        try RecordCoding.read(RunSummary.self, from: path, schemaVersion: currentSchemaVersion)
    }

    public func write(to path: String) throws { try RecordCoding.write(self, to: path) }
}
