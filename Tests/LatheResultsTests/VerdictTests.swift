import LatheResults
import Testing

@Suite struct VerdictTests {
    private func verdicts(_ runs: [RunDigest], baseline: String? = nil) -> [ComparisonVerdict] {
        RunComparison(runs, baseline: baseline).differences.map(\.verdict)
    }

    @Test func aLargeDifferenceIsReported() throws {
        let runs = arm("gpt", [2.0, 2.01, 1.99]) + arm("lstm", [2.2, 2.21, 2.19], from: 11)
        let comparison = RunComparison(runs)
        let difference = try #require(comparison.differences.first)
        #expect(difference.verdict == .worse && comparison.configurations[0].label == "gpt")
        let test = try #require(difference.test)
        #expect(test.method == .welch && abs(test.difference - 0.2) < 1e-12)
        #expect(abs(test.degreesOfFreedom - 4) < 1e-9 && test.t > 24 && test.t < 25)
        #expect(difference.adjustedProbability == test.probability && comparison.testCount == 1)
        // The other way round if larger is better.
        let largest = RunComparison(
            runs, metric: ComparisonMetric(MetricName.validationBitsPerByte, isSmallerBetter: false))
        #expect(largest.configurations[0].label == "lstm" && largest.differences[0].verdict == .worse)
    }

    @Test func aBaselineMayBeBeaten() {
        let runs = arm("gpt", [2.0, 2.01, 1.99]) + arm("lstm", [2.2, 2.21, 2.19], from: 11)
        #expect(verdicts(runs, baseline: "results/n/lstm-12") == [.better])
        #expect(verdicts(runs, baseline: "results/n/gpt-1") == [.worse])
    }

    @Test func sharedSeedsArePaired() throws {
        // Seeds move both alike, so only pairing detects the difference.
        let noise = [0.0, 0.3, -0.2, 0.5, -0.4]
        let first = arm("gpt", noise.map { 2 + $0 })
        let second = arm("lstm", zip(noise, [0.05, 0.055, 0.045, 0.05, 0.05]).map { 2 + $0 + $1 })
        let paired = try #require(RunComparison(first + second).differences.first)
        #expect(paired.test?.method == .paired && paired.verdict == .worse)
        let elsewhere = arm("lstm", second.compactMap { $0.figures.final[MetricName.validationBitsPerByte] }, from: 50)
        let welch = try #require(RunComparison(first + elsewhere).differences.first)
        #expect(welch.test?.method == .welch)
        guard case .notDistinguishable(let seeds?) = welch.verdict else {
            Issue.record("\(welch.verdict)")
            return
        }
        // 2 (t₀.₉₇₅ + t₀.₈)² s² / d² is about 812 per configuration.
        #expect((750...900).contains(seeds), "\(seeds)")
        // One seed is not shared, so the runs are not paired.
        #expect(RunComparison(first + second.dropLast()).differences[0].test?.method == .welch)
    }

    @Test func tooFewSeedsAreAskedFor() {
        // d = s: power 0.8 at 5% takes 17 in each arm (Cohen 1988, table 2.3.5).
        let values = [2.0, 3.0, 4.0]
        #expect(
            verdicts(arm("gpt", values) + arm("lstm", values.map { $0 + 1 }, from: 11))
                == [.notDistinguishable(moreSeeds: 14)])
        // With no difference at all, no number of seeds is enough.
        #expect(
            verdicts(arm("gpt", values) + arm("lstm", values, from: 11)) == [.notDistinguishable(moreSeeds: nil)])
    }

    @Test func oneSeedGivesNoVerdictButTheUncertaintyOfTheText() throws {
        let runs = arm("gpt", [2.0]) + arm("lstm", [2.5])
        func nats(_ run: RunDigest) -> ValidationNats? {
            var nats = ValidationNats(segmentLength: 8, segmentBytes: [8, 8, 8, 8])
            nats.record(step: 5, nats: run.id == "gpt-1" ? [8, 9, 7, 8] : [10, 11, 9, 11])
            return nats
        }
        let comparison = RunComparison(runs, nats: nats)
        let difference = try #require(comparison.differences.first)
        #expect(difference.verdict == .seedNoiseUnknown && difference.test == nil)
        let text = try #require(difference.textDifference)
        // (2 + 2 + 2 + 3) / (32 ln 2), and √(4/3 · 0.75) / (32 ln 2)
        #expect(abs(text.bitsPerByte - 9 / 22.180709777918249) < 1e-12)
        #expect(abs(try #require(text.standardError) - 1 / 22.180709777918249) < 1e-12)
        #expect(RunComparison(runs, nats: { _ in nil }).differences[0].textDifference == nil)
        // The last step's nats do not apply to another step or metric.
        let elsewhere = RunComparison(runs, nats: nats, value: { Double($0.seed) + ($0.id == "gpt-1" ? 0 : 1) })
        #expect(elsewhere.differences[0].textDifference == nil && elsewhere.differences[0].verdict == .seedNoiseUnknown)
        let seeds = RunComparison(runs, metric: ComparisonMetric("seed"), nats: nats)
        #expect(seeds.differences[0].textDifference == nil)
        // One seed against several gives no verdict either.
        #expect(verdicts(arm("gpt", [2, 2.01, 2.02]) + arm("lstm", [2.5])) == [.seedNoiseUnknown])
    }

    @Test func otherTextIsNeverRanked() {
        let runs = arm("gpt", [2.0, 2.01, 1.99])
        let other = arm("lstm", [2.2, 2.21, 2.19], from: 11).map { run in
            var run = run
            run.hashes.validation = "w"
            return run
        }
        #expect(verdicts(runs + other) == [.notComparable("different validation text")])
    }

    @Test func severalConfigurationsAreCorrectedAfterHolm() {
        // p is about 0.02 for each neighbour alone.
        let base = [2.0, 2.02, 1.98, 2.01, 1.99]
        let runs = ["a", "b", "c", "d"].enumerated().flatMap { index, kind in
            arm(kind, base.map { $0 + Double(index) * 0.028 }, from: UInt64(index * 10 + 1))
        }
        let alone = RunComparison(runs.filter { ["a", "b"].contains($0.configuration["model.type"]) })
        #expect(alone.differences[0].verdict == .worse && alone.testCount == 1)
        let all = RunComparison(runs)
        #expect(all.testCount == 6)
        guard case .notDistinguishable = all.differences[0].verdict else {
            Issue.record("\(all.differences[0])")
            return
        }
        #expect(all.differences.last?.verdict == .worse)
        // With p₁ … p₆ ascending, the largest has factor 1, and no adjusted p is below the original.
        #expect(all.differences.allSatisfy { ($0.adjustedProbability ?? 0) >= ($0.test?.probability ?? 1) })
        let planned = RunComparison(runs, baseline: "results/n/a-1")
        #expect(planned.testCount == 3 && planned.reference == 0)
        #expect((planned.differences[0].adjustedProbability ?? 1) < (all.differences[0].adjustedProbability ?? 0))
    }

    @Test func sampleSizesAreThoseOfTheBooks() {
        // Cohen (1988), two-sided 5%, power 0.8: d = 0.5 takes 64 in each of two samples, or 34 pairs; d = 0.8 takes
        // 26.
        #expect(SampleSize.needed(difference: 0.5, variances: [1, 1]) == 64)
        #expect(SampleSize.needed(difference: 0.8, variances: [1, 1]) == 26)
        #expect(SampleSize.needed(difference: 0.5, variances: [1]) == 34)
        #expect(SampleSize.needed(difference: 0.01, variances: [1, 1]) == nil)
        #expect(SampleSize.needed(difference: 0, variances: [1, 1]) == nil)
        #expect(SampleSize.needed(difference: 1, variances: [0, 0]) == 2)
        let corrected = SampleSize.needed(difference: 0.5, variances: [1, 1], level: 0.005)
        #expect(corrected.map { $0 > 100 } == true)
    }
}
