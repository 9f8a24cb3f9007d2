import LatheComponents
import LatheSpec
import LatheSweeps
import TestSupport
import Testing

@Suite struct HalvingTests {
    private func halving(_ rungs: [Int]) throws -> any SearchStrategy {
        let text = SourceText("base: none\nstrategy: {type: asha, rungs: \(rungs)}", name: "sweep.yaml")
        return try SpecLoader(SweepSpec.self, lookup: try builtins.get()).load(text).get().strategy.make()
    }

    private func targets(_ values: [[Int: Double]], rungs: [Int]) throws -> [TrialTarget] {
        try halving(rungs).targets(values.map { TrialProgress(measured: $0) }, goal: .minimize)
    }

    @Test func allBeginOnTheFirstRung() throws {
        #expect(try targets([[:], [:], [:]], rungs: [10, 30]) == [.step(10), .step(10), .step(10)])
    }

    @Test func theBestThirdGoesOnWithoutWaitingForTheRest() throws {
        let known = try targets([[10: 3], [10: 1], [10: 2], [:], [:], [:]], rungs: [10, 30])
        #expect(known == [.step(10), .step(30), .step(10), .step(10), .step(10), .step(10)])
    }

    @Test func theOrderOfArrivalDoesNotMatter() throws {
        // The fourth trial reached the rung first, but the third is still running.
        let known = try targets([[10: 3], [10: 2], [:], [10: 1], [:], [:]], rungs: [10, 30])
        #expect(known == Array(repeating: .step(10), count: 6))
    }

    @Test func aFailedTrialHoldsNobodyUp() throws {
        var trials = [1.0, 2, 3].map { TrialProgress(measured: [10: $0]) }
        trials[2] = TrialProgress(hasFailed: true)
        #expect(try halving([10]).targets(trials, goal: .minimize) == [.complete, .step(10), .step(10)])
        #expect(try halving([10]).targets(trials, goal: .maximize) == [.step(10), .complete, .step(10)])
    }

    @Test func fewTrialsStillHaveABest() throws {
        #expect(try targets([[10: 2], [10: 1]], rungs: [10]) == [.step(10), .complete])
        #expect(try targets([[10: 2], [:]], rungs: [10]) == [.step(10), .step(10)])
    }

    @Test func notANumberIsNeverPromoted() throws {
        #expect(try targets([[10: .nan], [10: 2], [10: .nan]], rungs: [10]) == [.step(10), .complete, .step(10)])
    }
}
