import LatheResults
import Testing

@Suite struct OverfittingVerdictTests {
    /// 100 segments of 1,000 bytes; the final step's excess over the best is mean ± spread nats per segment.
    private func verdict(mean: Double, spread: Double) -> OverfittingVerdict {
        var nats = ValidationNats(segmentLength: 1000, segmentBytes: Array(repeating: 1000, count: 100))
        nats.record(step: 0, nats: Array(repeating: 3000, count: 100))
        nats.record(step: 250, nats: Array(repeating: 1000, count: 100))
        nats.record(step: 500, nats: (0..<100).map { 1000 + mean + ($0 % 2 == 0 ? spread : -spread) })
        return OverfittingVerdict(nats: nats, bestStep: 250, finalStep: 500)
    }

    @Test func worseByMoreThanTwoStandardErrorsIsOverfitting() throws {
        // The standard error is spread / √99 nats per segment: 10 / 9.95 = 1.005.
        let worse = verdict(mean: 2.1, spread: 10)
        #expect(worse.kind == .overfitting)
        #expect(worse.text == "overfitting: 0.0030 ± 0.0014 bits/byte worse at step 500 than at the best step, 250")
        #expect(abs(try #require(worse.finalMinusBest) - 2.1 / 1000 / 0.6931471805599453) < 1e-12)
        #expect(abs(try #require(worse.standardError) - 10 / 99.0.squareRoot() / 1000 / 0.6931471805599453) < 1e-12)
        let level = verdict(mean: 1.9, spread: 10)
        #expect(level.kind == .level)
        #expect(level.text.hasSuffix("250, which is within two standard errors"))
    }

    @Test func theLastBeingTheBestIsImproving() {
        var nats = ValidationNats(segmentLength: 10, segmentBytes: [10, 4])
        nats.record(step: 0, nats: [20, 8])
        nats.record(step: 9, nats: [10, 4])
        #expect(OverfittingVerdict(nats: nats, bestStep: 9, finalStep: 9).kind == .improving)
    }

    @Test func whatCannotBeJudgedIsSaidToBeSo() {
        var nats = ValidationNats(segmentLength: 10, segmentBytes: [10])
        nats.record(step: 0, nats: [20])
        #expect(OverfittingVerdict(nats: nats, bestStep: 0, finalStep: 0).kind == .undetermined)
        nats.record(step: 5, nats: [30])
        #expect(OverfittingVerdict(nats: nats, bestStep: 0, finalStep: 5).kind == .undetermined)
        nats.record(step: 6, nats: [.nan])
        #expect(OverfittingVerdict(nats: nats, bestStep: 0, finalStep: 6).kind == .diverged)
        #expect(OverfittingVerdict(nats: nats, bestStep: 3, finalStep: 5).kind == .undetermined)
        #expect(OverfittingVerdict(nats: nil, bestStep: nil, finalStep: 5).kind == .undetermined)
    }
}
