import LatheResults
import LatheSystem
import Testing

@Suite struct RunDifferenceTests {
    private func train(_ step: Int, _ loss: Double, rate: Double = 0.1) -> MetricRecord {
        MetricRecord(
            step: step, tokens: step, split: .train,
            values: [MetricName.trainLoss: loss, MetricName.learningRate: rate])
    }

    private func validation(_ step: Int, _ loss: Double) -> MetricRecord {
        MetricRecord(step: step, tokens: step, split: .validation, values: [MetricName.validationLoss: loss])
    }

    @Test func theFirstStepThatDiffersIsFound() {
        let first = [train(1, 3), train(2, 2), validation(2, 2), train(3, 1)]
        #expect(CurveDifference(first, first).parting == nil && CurveDifference(first, first).lastEqualStep == 3)
        let late = CurveDifference(first, [train(1, 3), train(2, 2), validation(2, 2.0.nextUp), train(3, 1)])
        #expect(late.parting?.step == 2 && late.parting?.metric == MetricName.validationLoss)
        #expect(late.parting?.second == 2.0.nextUp && late.lastEqualStep == 1)
        // A different validation interval does not make the curves differ.
        #expect(CurveDifference(first, [train(1, 3), validation(1, 9), train(2, 2), train(3, 1)]).parting == nil)
        let shorter = CurveDifference(first, [train(1, 3)])
        #expect(
            shorter.parting == nil && shorter.lastEqualStep == 1 && shorter.firstLength == 3
                && shorter.secondLength == 1)
        let rate = CurveDifference(first, [train(1, 3, rate: 0.2), train(2, 2.5)])
        #expect(rate.parting?.metric == MetricName.learningRate && rate.parting?.step == 1)
        #expect(rate.lossParting?.step == 2 && rate.lastEqualStep == nil)
        #expect(CurveDifference([train(1, .nan)], [train(1, -.nan)]).parting == nil)
        #expect(CurveDifference([train(1, 0)], [train(1, -0.0)]).parting?.step == 1)
        #expect(CurveDifference([], first).firstLength == nil)
    }

    @Test func everyPartIsLookedAt() {
        func record() -> RunRecord {
            RunRecord(
                name: "n", identity: "i", seed: 1, latheVersion: "1", configuration: ["a": "1", "b": "2"],
                created: Timestamp(milliseconds: 0))
        }
        let curves = CurveDifference([], [])
        #expect(RunDifference(record(), record(), curves: curves).items.isEmpty)
        var other = record()
        other.identity = "j"
        other.configuration = ["a": "3", "c": "4"]
        other.latheVersion = "2"
        other.git = GitRecord(commit: "abc", dirty: true)
        other.hashes = HashesRecord(data: "d", validation: "v", tokenizer: "t")
        other.machine = MachineRecord(host: "h", processor: "p", cores: 2, simdLevel: "v4", system: "s")
        other.blas = LinearAlgebraRecord(library: "l", kernel: "k", threads: 2)
        let difference = RunDifference(record(), other, curves: curves)
        #expect(!difference.isSameIdentity)
        #expect(
            difference.items.map { "\($0.part) \($0.key) \($0.first ?? "–") \($0.second ?? "–")" } == [
                "spec a 1 3", "spec b 2 –", "spec c – 4", "code lathe_version 1 2", "code git.commit – abc",
                "code git.dirty – true", "data hashes.data – d", "data hashes.validation – v",
                "tokenizer hashes.tokenizer – t", "machine machine.host – h", "machine machine.processor – p",
                "machine machine.simd_level – v4", "machine machine.system – s", "machine machine.cores – 2",
                "machine blas.library – l", "machine blas.kernel – k", "machine blas.threads – 2",
            ])
    }
}
