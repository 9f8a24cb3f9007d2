import LatheResults
import Testing

@Suite struct RunComparisonTests {
    private func row(_ configuration: [String: String], validation: String? = nil) -> RunComparison.Row {
        .init(
            id: "r", name: "n", status: .completed, configuration: configuration,
            figures: RunFigures(metrics: [], timing: []), hashes: HashesRecord(validation: validation))
    }

    @Test func keysThatDifferAreFoundMissingOnesIncluded() {
        let comparison = RunComparison(rows: [
            row(["a": "1", "b": "2", "name": "x", "tags[0]": "t", "description": "d", "c": "3"]),
            row(["a": "1", "b": "3", "name": "y"]),
        ])
        #expect(comparison.differingKeys == ["b", "c"])
        #expect(comparison.warnings.isEmpty)
        #expect(RunComparison(rows: [row(["a": "1"])]).differingKeys.isEmpty)
    }

    @Test func otherTextOrContextIsWarnedOf() {
        let split = ["data.split.train": "0.9"]
        let other = ["data.split.train": "0.8"]
        let warning =
            "the runs were not validated on the same text (they differ in data.split.train): their figures do not rank them"
        #expect(RunComparison(rows: [row(split), row(other)]).warnings == [warning])
        #expect(RunComparison(rows: [row(split, validation: "h"), row(other, validation: "h")]).warnings.isEmpty)
        #expect(RunComparison(rows: [row(split, validation: "h"), row(split, validation: "i")]).warnings.count == 1)
        let contexts = ["64", "128", "64"].map { row(["training.context": $0], validation: "h") }
        #expect(
            RunComparison(rows: contexts).warnings == [
                "the runs differ in context (64, 128 tokens): a longer one sees more text before each token"
            ])
    }

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
        #expect(figures.gapToTraining == 0.25 && figures.tokensPerSecond == 20 && figures.seconds == 20)
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
