import Foundation
import LatheResults
import Testing

/// Event files as the real TensorBoard reads them, run by the Python in LATHE_INTEROP_PYTHON.
@Suite(.enabled(if: Interop.python != nil, "needs LATHE_INTEROP_PYTHON; make test-interop sets it"))
struct TensorBoardInteropTests {
    private func expectSame(_ sandbox: Sandbox) throws {
        let runs = sandbox.runs.map(\.path)
        let outcome = try Interop.run(
            [sandbox.file("results")] + runs, script: "tensorboard_events.py", in: sandbox)
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    }

    /// Two models, one of them with two seeds, and a failed run.
    @Test func curvesAndHyperparametersAreTheRunsOwn() throws {
        let sandbox = try Sandbox()
        for arguments in [["gpt.yaml"], ["gpt.yaml", "seed=8"], ["lstm.yaml"]] {
            let outcome = try sandbox.start(["run", "--quiet"] + arguments + ["sinks=[tensorboard]"]).wait()
            try #require(outcome.code == 0, "\(outcome.errors)")
        }
        let failed = try sandbox.lathe(
            "run", "gpt.yaml", "--quiet", "sinks=[tensorboard]", "optimizer={type: sgd, learning_rate: 1e30}",
            "clipping=none")
        #expect(failed.code == 1, "\(failed.errors)")
        #expect(try sandbox.runs.map { try $0.readRecord().status }.contains(.diverged))
        try expectSame(sandbox)
    }

    /// Killed twice halfway between checkpoints and resumed: each step appears once, with its own values.
    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func killedRunsReadAsUndisturbedOnes(spec: String) throws {
        let arguments = ["--quiet", "sinks=[tensorboard]", "checkpoints.every=40", "training.steps=400"]
        let undisturbed = try Sandbox()
        try #require(try undisturbed.start(["run", spec] + arguments).wait().code == 0)
        let sandbox = try Sandbox()
        var kills = 0
        for share in [60, 140] {
            let command = try sandbox.start(
                sandbox.runs.isEmpty ? ["run", spec] + arguments : ["resume", "last", "--quiet"])
            while command.isRunning {
                let steps = sandbox.runs.last.flatMap { try? $0.readMetrics().last?.step } ?? 0
                if steps >= share { command.send(SIGKILL) }
                usleep(500)
            }
            if try command.wait().signal == SIGKILL { kills += 1 }
        }
        #expect(kills == 2)
        let last = try sandbox.lathe("resume", "last", "--quiet")
        #expect(last.code == 0, "\(last.errors)")
        let run = try #require(sandbox.runs.last)
        #expect(try sandbox.bytes(run.metrics) == undisturbed.bytes(#require(undisturbed.runs.last).metrics))
        #expect(
            sandbox.names(String(run.path.dropFirst(sandbox.path.count + 1))).filter { $0.hasPrefix("events.") }.count
                == 3)
        try expectSame(sandbox)
    }
}
