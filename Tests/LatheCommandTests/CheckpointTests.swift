import Foundation
import LatheResults
import Testing

/// Checkpoints written while training continues.
@Suite struct CheckpointTests {
    /// Large checkpoints and cheap steps, so that a step ends long before its checkpoint is written.
    private static let heavy: [(spec: String, changes: [String])] = [
        ("gpt.yaml", ["model.width=192", "model.layers=4", "training.batch_size=1", "training.context=4"]),
        (
            "lstm.yaml",
            [
                "model.hidden_size=512", "model.embedding_size=128", "training.batch_size=1", "training.context=2",
                "training.micro_batch_size=1",
            ]
        ),
    ]

    /// A checkpoint written while later steps ran equals the last checkpoint of a run that ends at that step;
    /// checkpointing does not change the results.
    @Test(arguments: heavy) func trainingGoesOnBesideACheckpoint(_ spec: String, _ changes: [String]) throws {
        let sandbox = try Sandbox()
        func run(_ steps: Int, every: Int) throws -> RunFolder {
            let outcome = try sandbox.start(
                ["run", spec, "training.steps=\(steps)", "checkpoints={every: \(every), keep: 9}", "--quiet"] + changes
            ).wait()
            try #require(outcome.code == 0, "\(outcome.errors)")
            return RunFolder(path: sandbox.file(outcome.output.trimmingCharacters(in: .newlines)))
        }
        let often = try run(6, every: 1), once = try run(6, every: 6)
        #expect(try often.checkpointSteps() == Array(1...6))
        #expect(try once.checkpointSteps() == [6])
        #expect(try sandbox.bytes(often.metrics) == sandbox.bytes(once.metrics))
        #expect(often.step(of: .last) == 6)
        for step in [2, 4, 6] {
            let ended = try run(step, every: 1000)
            for file in ["model.safetensors", "optimizer.safetensors"] {
                let equal =
                    try sandbox.bytes(often.checkpoint(step: step) + "/" + file)
                    == sandbox.bytes(ended.checkpoint(step: step) + "/" + file)
                #expect(equal, "step \(step): \(file) differs")
            }
        }
    }

    /// A checkpoint that cannot be written fails the run at once, whether or not it is the last one, and nothing is
    /// lost.
    @Test(arguments: [1, 15, 60]) func checkpointThatCannotBeWritten(_ every: Int) throws {
        let sandbox = try Sandbox()
        let changes = ["validation.every=60", "checkpoints.every=\(every)", "--quiet"]
        // Room for the weights (47 kB) but not for the moments (twice as much).
        let command = try RunningCommand(
            "/bin/sh",
            ["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\"", Lathe.path, "run", "gpt.yaml"] + changes,
            in: sandbox)
        let outcome = try command.wait()
        #expect(outcome.code == 1)
        #expect(outcome.isWithoutTrace)
        let run = try #require(sandbox.runs.last)
        let failure = try #require(try run.readRecord().failure)
        #expect(failure.hasSuffix("/optimizer.safetensors: cannot write: File too large"))
        #expect(outcome.errors.contains("failed: \(failure)\n"))
        #expect(try run.readRecord().status == .failed)
        #expect(try run.readRecord().exitCode == 1)
        #expect(try run.readSummary() == nil)
        // The next step was already under way.
        #expect(try #require(run.readMetrics().last).step <= min(every + 1, 60))
        #expect(sandbox.names("results/gpt/\(run.name)/checkpoints").isEmpty)

        try sandbox.done("resume", "last", "--quiet")
        let undisturbed = try Sandbox()
        try undisturbed.done("run", "gpt.yaml", changes[0], changes[1], changes[2])
        try sandbox.expectSame(run, as: try #require(undisturbed.runs.last))
    }
}
