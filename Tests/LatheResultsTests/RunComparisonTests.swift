import LatheResults
import Testing

@Suite struct RunComparisonTests {
    @Test func runsThatDifferInTheirSeedAreOneConfiguration() throws {
        let hashes = HashesRecord(validation: "v", configuration: "c")
        let runs = [3, 1, 2].map { seed in
            digest(
                "r\(seed)", seed: seed, bits: Double(seed),
                configuration: ["seed": "\(seed)", "compute.threads": "\(seed)"],
                hashes: hashes)
        }
        let comparison = RunComparison(runs + [digest("other", bits: 5, configuration: ["a": "1"])])
        #expect(comparison.configurations.count == 2)
        let first = comparison.configurations[0]
        #expect(first.seeds == [1, 2, 3] && first.values == [1, 2, 3] && first.mean == 2)
        // t(0.975, 2) / √3
        #expect(abs(try #require(first.halfWidth) - 4.302652729911275 / 3.0.squareRoot()) < 1e-9)
        #expect(comparison.differingKeys == ["a", "compute.threads"])
    }

    @Test func withoutARecordedHashTheResolvedSpecTellsConfigurationsApart() {
        let spec = ["a": "1", "seed": "1", "name": "x", "tags.0": "t"]
        let same = ["a": "1", "seed": "2", "name": "y"]
        let runs = [digest("x", configuration: spec), digest("y", seed: 2, configuration: same)]
        #expect(RunComparison(runs).configurations.count == 1)
        #expect(RunComparison(runs + [digest("z", configuration: ["a": "2"])]).configurations.count == 2)
        let otherFile = digest("w", configuration: spec, hashes: HashesRecord(data: "e", tokenizer: "t"))
        #expect(RunComparison([runs[0], otherFile]).configurations.count == 2)
    }

    @Test func onlyCompletedRunsCount() {
        let runs =
            arm("lstm", [2, 2.1]) + [
                digest("late", seed: 9, status: .running, bits: 1, configuration: ["model.type": "gpt"]),
                digest("bad", seed: 8, status: .failed, bits: nil, configuration: ["model.type": "gpt"]),
            ]
        let comparison = RunComparison(runs)
        #expect(comparison.configurations.map(\.count) == [2, 0])
        #expect(comparison.configurations[1].uncounted.map(\.id) == ["bad", "late"])
        #expect(comparison.configurations[1].mean == nil && comparison.reference == nil)
    }

    @Test func ofEqualRunsTheEarliestCompletedCountsInAnyOrder() {
        let runs = [
            digest("c", bits: 3, identity: "i", created: 3000), digest("a", status: .failed, identity: "i"),
            digest("b", bits: 2, identity: "i", created: 2000), digest("d", bits: 4, identity: "i", created: 4000),
        ]
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
            let comparison = RunComparison(order.map { runs[$0] })
            #expect(comparison.configurations.map(\.values) == [[2]])
            #expect(Set(comparison.duplicates.map(\.run.id)) == ["a", "c", "d"])
            #expect(comparison.duplicates.allSatisfy { $0.counting == "results/n/b" })
        }
    }

    @Test func labelsAreTheFewestKeysThatTellApart() {
        func configuration(_ type: String, _ rate: String, _ width: String?) -> [String: String] {
            var result = ["model.type": type, "optimizer.learning_rate": rate, "name": "x"]
            result["model.width"] = width
            return result
        }
        let runs = [
            digest("1", bits: 1, configuration: configuration("gpt", "1e-3", "8")),
            digest("2", bits: 2, configuration: configuration("gpt", "3e-3", "8")),
            digest("3", bits: 3, configuration: configuration("lstm", "1e-3", nil)),
            digest("4", bits: 4, configuration: configuration("lstm", "3e-3", nil)),
        ]
        #expect(
            RunComparison(runs).configurations.map(\.label) == [
                "gpt, learning_rate 1e-3", "gpt, learning_rate 3e-3",
                "lstm, learning_rate 1e-3", "lstm, learning_rate 3e-3",
            ])
        let named = [digest("1", bits: 1, name: "small", configuration: ["w": "1"]), digest("2", name: "large")]
        #expect(RunComparison(named).configurations.map(\.label) == ["small", "large"])
        let files = ["a", "b"].map {
            digest($0, hashes: HashesRecord(configuration: $0), identity: "\($0)2345678-rest")
        }
        #expect(RunComparison(files).configurations.map(\.label) == ["n (a2345678)", "n (b2345678)"])
    }

    @Test func otherTextOrContextIsWarnedOf() {
        let split = ["data.split.train": "0.9"]
        let other = ["data.split.train": "0.8"]
        func warnings(_ first: RunDigest, _ second: RunDigest, _ metric: ComparisonMetric? = nil) -> [String] {
            RunComparison([first, second], metric: metric).warnings
        }
        func run(_ configuration: [String: String], _ hashes: HashesRecord) -> RunDigest {
            digest("r", configuration: configuration, hashes: hashes)
        }
        let warning =
            "the runs were not validated on the same text (they differ in data.split.train): their results cannot be ranked"
        #expect(warnings(run(split, HashesRecord()), run(other, HashesRecord())) == [warning])
        let same = HashesRecord(data: "d", validation: "h")
        #expect(warnings(run(split, same), run(other, same)).isEmpty)
        #expect(
            warnings(run(split, same), run(other, HashesRecord(data: "e", validation: "h"))) == [
                "the runs were not trained on the same text (they differ in data.split.train): differences may come from the data"
            ])
        #expect(
            warnings(run(split, same), run(split, HashesRecord(validation: "i"))) == [
                "the runs were not validated on the same text: their results cannot be ranked"
            ])
        #expect(
            warnings(run(["training.context": "64"], same), run(["training.context": "128"], same)) == [
                "the runs differ in context length (64, 128 tokens): a longer context sees more text before each token"
            ])
        let byte = digest(
            "b", configuration: ["tokenizer.type": "byte"], hashes: HashesRecord(validation: "h", tokenizer: "1"))
        let word = digest(
            "w", configuration: ["tokenizer.type": "word"], hashes: HashesRecord(validation: "h", tokenizer: "2"))
        #expect(warnings(byte, word).isEmpty)
        #expect(
            warnings(byte, word, ComparisonMetric(MetricName.validationLoss)) == [
                "validation/loss is measured per token, and the runs' tokenizers differ (they differ in tokenizer.type): compare validation/bits_per_byte instead"
            ])
    }

    @Test func aRunWithoutBitsAByteIsNotRankedAndTheReasonIsGiven() {
        var lossy = digest("l", bits: nil, configuration: ["tokenizer.type": "lossy"])
        lossy.figures.unrankedReason = "the tokenizer drops accents"
        let comparison = RunComparison([lossy, digest("b", configuration: ["tokenizer.type": "byte"])])
        #expect(comparison.configurations.map(\.count) == [1, 0])
        #expect(
            comparison.warnings == [
                "l of 'lossy' has no finite validation/bits_per_byte: the tokenizer drops accents; not ranked"
            ])
    }
}
