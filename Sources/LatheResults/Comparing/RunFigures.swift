/// The figures of one run that comparisons show: from its summary, or from its metrics while it has none.
public struct RunFigures: Sendable, Equatable {
    /// Validation metrics at the best step.
    public var best: [String: Double] = [:]
    /// Validation metrics at the last validation.
    public var final: [String: Double] = [:]
    /// The best step.
    public var bestStep: Int?
    /// The last step of the run so far.
    public var finalStep: Int?
    /// Final validation less final training, in the objective's unit.
    public var gapToTraining: Double?
    /// The kind of verdict, once the run is over.
    public var verdict: OverfittingVerdict.Kind?
    /// Training tokens seen.
    public var tokens: Int?
    /// Why there are no bits a byte: the run is not ranked on them.
    public var unrankedReason: String?
    /// How many numbers are trained.
    public var parameters: Int?
    /// Floating-point operations of forward and backward pass a token.
    public var flopsPerToken: Double?
    /// Bytes of text that a token of the training split stands for, on average.
    public var bytesPerToken: Double?
    /// Median training throughput.
    public var tokensPerSecond: Double?
    /// Seconds of work.
    public var seconds: Double?
    /// Peak resident memory in MiB.
    public var peakMegabytes: Double?
    /// The corpus's own bits a byte, where known.
    public var floorBitsPerByte: Double?
    /// The share of generated sentences that the grammar accepts.
    public var acceptedShare: Double?

    /// The figures of a summary.
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

    /// The figures that metrics and timing give.
    ///
    /// The best step is the one with the smallest bits a byte, or the smallest loss where bits a byte are not measured; a value that is not finite is never
    /// the best.
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

    /// The figures of a run.
    ///
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
