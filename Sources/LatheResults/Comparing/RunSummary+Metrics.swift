extension RunSummary {
    /// Computes the summary from the run's files, so that a resumed run gets the same summary as an uninterrupted one.
    ///
    /// The objective is bits per byte, or the loss if bits per byte are not measured. The caller sets what the files do
    /// not contain (floor, epochs, memory, milliseconds per step ...).
    ///
    /// - Parameters:
    ///   - metrics: all lines of `metrics.jsonl`.
    ///   - timing: all lines of `timing.jsonl`.
    ///   - nats: `validation_nats.bin`, with at least the best and the last validation.
    ///   - seconds: seconds of work over all sessions.
    ///   - parameters: the number of trained parameters.
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
