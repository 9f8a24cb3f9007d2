import LatheResults
import Testing

@Suite struct RunFiguresTests {
    @Test func figuresOfAnUnfinishedRunComeFromItsMetrics() {
        func validation(_ step: Int, _ bits: Double) -> MetricRecord {
            MetricRecord(
                step: step, tokens: 0, split: .validation,
                values: [MetricName.validationBitsPerByte: bits, MetricName.validationLoss: -bits])
        }
        let metrics = [
            validation(0, .nan), validation(250, 2), validation(500, 2.5),
            MetricRecord(step: 500, tokens: 0, split: .train, values: [MetricName.trainBitsPerByte: 2.25]),
            MetricRecord(step: 510, tokens: 0, split: .train, values: [MetricName.trainLoss: 1]),
        ]
        let timing = [10.0, 30, 20].map { TimingRecord(step: 1, phase: .train, seconds: $0, tokensPerSecond: $0) }
        let figures = RunFigures(metrics: metrics, timing: timing)
        #expect(figures.bestStep == 250 && figures.finalStep == 510)
        #expect(figures.best[MetricName.validationBitsPerByte] == 2)
        #expect(figures.final[MetricName.validationBitsPerByte] == 2.5)
        #expect(figures.gapToTraining == 0.25 && figures.tokensPerSecond == 20 && figures.seconds == 60)
    }

    @Test func aSummaryIsMadeFromTheFilesOfTheRun() {
        func validation(_ step: Int, _ bits: Double) -> MetricRecord {
            MetricRecord(
                step: step, tokens: step * 10, split: .validation, values: [MetricName.validationBitsPerByte: bits])
        }
        var nats = ValidationNats(segmentLength: 8, segmentBytes: [8, 8])
        nats.record(step: 250, nats: [8, 8])
        nats.record(step: 500, nats: [9, 9])
        let summary = RunSummary(
            metrics: [validation(0, 4), validation(250, 2), validation(500, 2.5)], timing: [], nats: nats, seconds: 3,
            parameters: 7)
        #expect(summary.steps == 500 && summary.tokens == 5000 && summary.bestStep == 250)
        #expect(summary.objective == MetricName.validationBitsPerByte && summary.verdict.kind == .overfitting)
        let losses = RunSummary(metrics: [], timing: [], nats: nil, seconds: 0, parameters: 0)
        #expect(losses.objective == MetricName.validationLoss && losses.verdict.kind == .undetermined)
    }
}
