import LatheComponents
import LatheSamplers
import LatheSpec
import Testing

@Suite struct HalvingTests {
    private func sampler(_ rungs: [Int]) -> SuccessiveHalving {
        var config = SuccessiveHalving.Config()
        config.rungs = rungs
        return SuccessiveHalving(config)
    }

    private func targets(_ values: [[Int: Double]], rungs: [Int]) -> [TrialTarget] {
        sampler(rungs).targets(values.map { TrialProgress(measured: $0) }, goal: .minimize)
    }

    @Test func allBeginOnTheFirstRung() {
        #expect(targets([[:], [:], [:]], rungs: [10, 30]) == [.step(10), .step(10), .step(10)])
    }

    @Test func theBestThirdGoesOnWithoutWaitingForTheRest() {
        let known = targets([[10: 3], [10: 1], [10: 2], [:], [:], [:]], rungs: [10, 30])
        #expect(known == [.step(10), .step(30), .step(10), .step(10), .step(10), .step(10)])
    }

    @Test func theOrderOfArrivalDoesNotMatter() {
        // The fourth trial reached the rung first, but the third is still running.
        let known = targets([[10: 3], [10: 2], [:], [10: 1], [:], [:]], rungs: [10, 30])
        #expect(known == Array(repeating: .step(10), count: 6))
    }

    @Test func aFailedTrialHoldsNobodyUp() {
        var trials = [1.0, 2, 3].map { TrialProgress(measured: [10: $0]) }
        trials[2] = TrialProgress(hasFailed: true)
        #expect(sampler([10]).targets(trials, goal: .minimize) == [.complete, .step(10), .step(10)])
        #expect(sampler([10]).targets(trials, goal: .maximize) == [.step(10), .complete, .step(10)])
    }

    @Test func fewTrialsStillHaveABest() {
        #expect(targets([[10: 2], [10: 1]], rungs: [10]) == [.step(10), .complete])
        #expect(targets([[10: 2], [:]], rungs: [10]) == [.step(10), .step(10)])
    }

    @Test func notANumberIsNeverPromoted() {
        #expect(targets([[10: .nan], [10: 2], [10: .nan]], rungs: [10]) == [.step(10), .complete, .step(10)])
    }
}
