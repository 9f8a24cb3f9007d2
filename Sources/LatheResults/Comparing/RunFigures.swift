/// The results of one run that comparisons show: from its summary, or from its metrics if it has none yet.
public struct RunFigures: Sendable, Equatable {
    public var best: [String: Double] = [:]
    public var final: [String: Double] = [:]
    public var bestStep: Int?
    /// The last recorded step.
    public var finalStep: Int?
    /// Final validation minus final training, in the objective's unit.
    public var gapToTraining: Double?
    /// Nil until the run has ended.
    public var verdict: OverfittingVerdict.Kind?
    public var tokens: Int?
    /// Why there are no bits per byte, so that the run is not ranked on them.
    public var unrankedReason: String?
    /// The number of trained parameters.
    public var parameters: Int?
    /// Floating-point operations of the forward and backward pass, per token.
    public var flopsPerToken: Double?
    /// Average bytes of text per token of the training split.
    public var bytesPerToken: Double?
    public var tokensPerSecond: Double?
    /// Seconds of work, without interruptions.
    public var seconds: Double?
    /// Peak resident memory in MiB.
    public var peakMegabytes: Double?
    /// The corpus's entropy in bits per byte, if known.
    public var floorBitsPerByte: Double?
    /// The share of generated sentences that the grammar accepts, 0 to 1.
    public var acceptedShare: Double?

    public init(summary: RunSummary) {
        best = summary.best
        final = summary.final
        bestStep = summary.bestStep
        finalStep = summary.steps
        tokens = summary.tokens
        unrankedReason = summary.unrankedReason
        flopsPerToken = summary.flopsPerToken
        bytesPerToken = summary.bytesPerToken
        gapToTraining = summary.gapToTraining
        verdict = summary.verdict.kind
        parameters = summary.parameters
        tokensPerSecond = summary.tokensPerSecond
        seconds = summary.seconds
        peakMegabytes = summary.peakMegabytes
        floorBitsPerByte = summary.floorBitsPerByte
        acceptedShare = summary.acceptedShare
    }

    /// Computes the results from metrics and timing.
    ///
    /// The best step has the fewest bits per byte, or the smallest loss if bits per byte are not measured; a value that
    /// is not finite is never the best.
    public init(metrics: [MetricRecord], timing: [TimingRecord]) {
        let validations = metrics.filter { $0.split == .validation }
        let objective =
            validations.contains { $0.values[MetricName.validationBitsPerByte] != nil }
            ? MetricName.validationBitsPerByte : MetricName.validationLoss
        final = validations.last?.values ?? [:]
        finalStep = metrics.last?.step
        tokens = metrics.last?.tokens
        var smallest = Double.infinity
        for record in validations {
            if let value = record.values[objective], value < smallest {
                smallest = value
                best = record.values
                bestStep = record.step
            }
        }
        if let last = validations.last, let value = last.values[MetricName.validationBitsPerByte] {
            let training = metrics.last { $0.step == last.step && $0.values[MetricName.trainBitsPerByte] != nil }
            gapToTraining = training.flatMap { $0.values[MetricName.trainBitsPerByte] }.map { value - $0 }
        }
        seconds = timing.isEmpty ? nil : timing.reduce(0) { $0 + $1.seconds }
        tokensPerSecond = SampleStatistics.median(timing.filter { $0.phase == .train }.compactMap(\.tokensPerSecond))
    }

    /// - Throws: ``FileError``, ``RecordError``.
    public init(run: StoredRun) throws {
        if let summary = try run.folder.readSummary() {
            self.init(summary: summary)
        } else {
            self.init(metrics: try run.folder.readMetrics(), timing: try run.folder.readTiming())
        }
        parameters = parameters ?? run.record.parameters
        seconds = seconds ?? run.record.seconds
    }
}
