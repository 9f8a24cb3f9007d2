extension RunSummary {
    /// The outcome as a run's own files tell it, so that a run that was resumed sums up as one that never stopped.
    ///
    /// The objective is bits a byte, or the loss where bits a byte are not measured. What the files do not hold (floor, epochs, memory, milliseconds a
    /// step ...) is for the caller to set.
    ///
    /// - Parameters:
    ///   - metrics: every line of `metrics.jsonl`.
    ///   - timing: every line of `timing.jsonl`.
    ///   - nats: `validation_nats.bin`, with at least the best and the last validation in it.
    ///   - seconds: seconds of work, all sittings together.
    ///   - parameters: how many numbers are trained.
    public init(
        metrics: [MetricRecord], timing: [TimingRecord], nats: ValidationNats?, seconds: Double, parameters: Int
    ) {
        let figures = RunFigures(metrics: metrics, timing: timing)
        let validations = metrics.filter { $0.split == .validation }
        let measuresBits = validations.contains { $0.values[MetricName.validationBitsPerByte] != nil }
        self.init(
            steps: metrics.last?.step ?? 0, tokens: metrics.last?.tokens ?? 0,
            objective: measuresBits ? MetricName.validationBitsPerByte : MetricName.validationLoss,
            final: figures.final, best: figures.best, bestStep: figures.bestStep,
            verdict: OverfittingVerdict(
                nats: nats, bestStep: figures.bestStep, finalStep: validations.last?.step ?? 0),
            seconds: seconds, parameters: parameters)
        gapToTraining = figures.gapToTraining
        tokensPerSecond = figures.tokensPerSecond
    }
}
