import LatheResults
import Testing

/// The same spec gives the same bytes, whatever the load on the machine and however the work is split.
@Suite struct DeterminismTests {
    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func sameSeedSameBytes(_ spec: String) throws {
        let sandbox = try Sandbox()
        let first = try sandbox.run(spec), second = try sandbox.run(spec)
        #expect(first.path != second.path)
        try sandbox.expectSame(second, as: first)
        let other = try sandbox.run(spec, "seed=8")
        #expect(try other.trainLosses != first.trainLosses)
    }

    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func threadsChangeNoBit(_ spec: String) throws {
        let sandbox = try Sandbox()
        let runs = try ["1", "2", "3"].map { try sandbox.run(spec, "compute.threads=\($0)") }
        for run in runs.dropFirst() { try sandbox.expectSame(run, as: runs[0]) }
    }

    /// Shapes large enough to be split into slices.
    @Test func threadsChangeNoBitOfLargerProducts() throws {
        let sandbox = try Sandbox()
        let runs = try ["1", "2", "3"].map {
            try sandbox.run(
                "gpt.yaml", "compute.threads=\($0)", "model.width=96", "training.context=33", "training.steps=6")
        }
        for run in runs.dropFirst() { try sandbox.expectSame(run, as: runs[0]) }
    }

    /// Micro-batches change the order of sums: losses agree within float accumulation error, dropout included.
    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func microBatchesChangeRoundingOnly(_ spec: String) throws {
        let sandbox = try Sandbox()
        let runs = try ["12", "4", "3"].map {
            try sandbox.run(spec, "training.micro_batch_size=\($0)", "training.steps=20")
        }
        let whole = try runs[0].trainLosses
        #expect(whole.count == 20)
        for run in runs.dropFirst() {
            for (part, all) in zip(try run.trainLosses, whole) { #expect(abs(part - all) <= 2e-5 * all) }
            for (part, all) in zip(try run.validationLosses, try runs[0].validationLosses) {
                #expect(abs(part - all) <= 2e-5 * all)
            }
            // Equal up to rounding is not equal.
            #expect(try run.readRecord().identity != runs[0].readRecord().identity)
        }
        let unsaid = try sandbox.run(spec, "training.micro_batch_size=null", "training.steps=20")
        #expect(try unsaid.readRecord().identity == runs[0].readRecord().identity)
    }

    /// A run's resolved spec runs again, as the same experiment with the same results.
    @Test func resolvedSpecRunsAgain() throws {
        let sandbox = try Sandbox()
        let first = try sandbox.run("gpt.yaml", "optimizer.learning_rate=3e-3")
        let again = try sandbox.run(first.configuration)
        try sandbox.expectSame(again, as: first)
        #expect(try again.readRecord().identity == first.readRecord().identity)
        #expect(try sandbox.text(again.configuration) == sandbox.text(first.configuration))
    }

    /// Settings that cannot change the results are not part of the identity; the seed is.
    @Test func identity() throws {
        let sandbox = try Sandbox()
        func identity(_ changes: String...) throws -> String {
            let outcome = try sandbox.start(["run", "gpt.yaml", "training.steps=1", "--quiet"] + changes).wait()
            try #require(outcome.code == 0, "\(outcome.errors)")
            return try #require(sandbox.runs.last).readRecord().identity
        }
        let plain = try identity()
        #expect(try identity("name=other", "tags=[x]", "compute.threads=1", "samples.tokens=3") == plain)
        #expect(try identity("model.heads=2") == plain)  // same as the default
        #expect(try identity("seed=8") != plain)
        try sandbox.write(try sandbox.text("a.txt"), to: "b.txt")
        #expect(try identity("data.source.path=b.txt") == plain)
        try sandbox.write(try sandbox.text("a.txt") + "The end.\n", to: "b.txt")
        #expect(try identity("data.source.path=b.txt") != plain)
    }
}
