import Foundation
import LatheResults
import Testing

/// Runs that are forked, end early, or fail.
@Suite struct RunTests {
    @Test func noStepsEvaluateTheFreshModel() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run("gpt.yaml", "training.steps=0", "schedule={type: linear, warmup_steps: 500}")
        #expect(try run.readMetrics().map(\.step) == [0, 0])
        #expect(run.step(of: .best) == 0)
        #expect(run.step(of: .last) == 0)
        let summary = try #require(try run.readSummary())
        #expect(summary.steps == 0)
        #expect(summary.final == summary.best)
        // An untrained model is close to uniform over bytes: about 8 bits/byte.
        let bits = try #require(summary.final[MetricName.validationBitsPerByte])
        #expect(abs(bits - 8) < 0.1)
        let outcome = try sandbox.done("generate", "last", "--tokens", "5")
        #expect(outcome.output.count > 1)
    }

    @Test func forkBeginsAtACheckpoint() throws {
        let sandbox = try Sandbox()
        let parent = try sandbox.run("gpt.yaml", "checkpoints.keep=9")
        let outcome = try sandbox.done(
            "fork", "\(parent.name)@30", "training.steps=75", "optimizer.learning_rate=1e-4", "--quiet")
        let fork = RunFolder(path: sandbox.file(outcome.output.trimmingCharacters(in: .newlines)))
        let record = try fork.readRecord()
        #expect(record.parent?.run == parent.name)
        #expect(record.parent?.step == 30)
        #expect(try record.identity != parent.readRecord().identity)
        let steps = try fork.readMetrics().filter { $0.values[MetricName.trainLoss] != nil }.map(\.step)
        #expect(steps == Array(31...75))
        #expect(fork.step(of: .last) == 75)
        #expect(parent.step(of: .last) == 60)
        #expect(try parent.readRecord().status == .completed)
    }

    /// A fork that changes nothing but the number of steps computes what the longer run computes.
    @Test(arguments: ["gpt.yaml", "lstm.yaml"]) func forkContinuesAsTheRunWould(_ spec: String) throws {
        let sandbox = try Sandbox()
        let long = try sandbox.run(spec)
        let short = try sandbox.run(spec, "training.steps=30")
        let outcome = try sandbox.done("fork", short.name, "training.steps=60", "--quiet")
        let fork = RunFolder(path: sandbox.file(outcome.output.trimmingCharacters(in: .newlines)))
        #expect(try fork.trainLosses == Array(long.trainLosses.dropFirst(30)))
        for file in ["model.safetensors", "optimizer.safetensors"] {
            #expect(
                try sandbox.bytes(fork.checkpoint(step: 60) + "/" + file)
                    == sandbox.bytes(long.checkpoint(step: 60) + "/" + file))
        }
    }

    @Test func forkThatCannotBe() throws {
        let sandbox = try Sandbox()
        let parent = try sandbox.run("gpt.yaml")
        let count = sandbox.runs.count
        for (arguments, part) in [
            (
                ["training.steps=60"],
                "is at step 60, but the fork would end at step 60; set a larger training.steps"
            ),
            (["training.steps=90", "model.layers=3"], "the parent lacks layers.2.attention.norm.weight"),
            (["training.steps=90", "model.width=18"], "has shape [256, 16], expected [256, 18]"),
            (["training.steps=90", "tokenizer=char"], "the fork's tokenizer differs from the parent's"),
            (["training.stepz=90"], "unknown key 'stepz' in 'training'; did you mean 'steps'?"),
        ] {
            let outcome = try sandbox.start(["fork", parent.name] + arguments).wait()
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains(part), "\(outcome.errors)")
            #expect(sandbox.runs.count == count)
        }
        let missing = try sandbox.lathe("fork", "\(parent.name)@31", "training.steps=90")
        #expect(missing.code == 2)
        #expect(
            missing.errors
                == "error: results/gpt/\(parent.name): there is no checkpoint '31'; there are best, last and 60\n")
    }

    /// A killed fork resumes as a fork.
    @Test func interruptedForkGoesOn() throws {
        let sandbox = try Sandbox()
        let parent = try sandbox.run("lstm.yaml", "training.steps=30")
        let expected = try sandbox.done("fork", parent.name, "training.steps=200", "--quiet")
        let undisturbed = RunFolder(path: sandbox.file(expected.output.trimmingCharacters(in: .newlines)))
        let command = try sandbox.start(["fork", parent.name, "training.steps=200", "--quiet"])
        while command.isRunning {
            if let run = sandbox.runs.last, run.path != undisturbed.path, run.path != parent.path,
                let metrics = try? sandbox.text(run.metrics), metrics.contains("\"step\":35,")
            {
                command.send(SIGKILL)
            }
            usleep(200)
        }
        #expect(try command.wait().signal == SIGKILL)
        let fork = try #require(sandbox.runs.last)
        try sandbox.done("resume", fork.path)
        try sandbox.expectSame(fork, as: undisturbed)
        #expect(try fork.readRecord().parent?.step == 30)
    }

    @Test func patienceEndsARun() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run(
            "gpt.yaml", "training.steps=400", "optimizer.learning_rate=0.5", "stopping={type: patience, validations: 3}"
        )
        let summary = try #require(try run.readSummary())
        #expect(summary.steps < 400)
        let reason = try #require(summary.stopReason)
        #expect(reason.contains("3 validations"), "\(reason)")
        let best = try #require(summary.bestStep)
        #expect(summary.steps == best + 30)
        #expect(run.step(of: .best) == best)
        #expect(run.step(of: .last) == summary.steps)
        #expect(try run.readRecord().status == .completed)
    }

    /// Divergence fails the run with a message that says where, and keeps the last good checkpoint.
    @Test func divergedRunFails() throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.lathe(
            "run", "gpt.yaml", "optimizer={type: sgd, learning_rate: 1e30}", "clipping=none", "model.dropout=0",
            "checkpoints.every=1", "--quiet")
        #expect(outcome.code == 1)
        #expect(outcome.isWithoutTrace)
        let run = try #require(sandbox.runs.last)
        let record = try run.readRecord()
        #expect(record.status == .diverged)
        #expect(record.exitCode == 1)
        let failure = try #require(record.failure)
        #expect(outcome.errors.contains("failed: \(failure)\n"))
        #expect(
            failure.firstMatch(
                of:
                    /^step 2: the (output|gradient) of [a-z0-9._]+.* is not finite; the checkpoint of step 1 is kept; try a lower/
            )
                != nil, "\(failure)")
        #expect(run.step(of: .last) == 1)
        #expect(try run.readMetrics().allSatisfy { $0.values.values.allSatisfy(\.isFinite) })
        #expect(try sandbox.done("runs").output.contains("diverged"))
        // A second attempt fails in the same way.
        #expect(try sandbox.lathe("resume", "last").code == 1)
        #expect(run.step(of: .last) == 1)
    }

    @Test func modelBeyondTheMachineIsRefused() throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.lathe("run", "gpt.yaml", "model.width=16384", "model.layers=100")
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("gpt.yaml:5:8: error: the run needs "))
        #expect(outcome.errors.contains("MB of memory, but this machine has"))
        #expect(!sandbox.exists("results"))
    }

    @Test func resultsThatCannotBeWritten() throws {
        let sandbox = try Sandbox()
        let onFile = try sandbox.lathe("run", "gpt.yaml", "--results", "a.txt")
        #expect(onFile.code == 2)
        #expect(onFile.errors.hasSuffix("error: a.txt/gpt: cannot create folder: Not a directory\n"))
        let inProc = try sandbox.lathe("run", "gpt.yaml", "--results", "/proc/lathe")
        #expect(inProc.code == 2)
        #expect(inProc.errors.contains("error: /proc/lathe"))
        #expect(try sandbox.lathe("run", "gpt.yaml", "--results", "").code == 2)
        guard geteuid() != 0 else { return }  // root writes anywhere
        try FileManager.default.createDirectory(
            atPath: sandbox.file("closed"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
        let closed = try sandbox.lathe("run", "gpt.yaml", "--results", "closed")
        #expect(closed.code == 1)
        #expect(
            closed.errors.hasSuffix(
                "error: closed/gpt: cannot create folder: Permission denied (check the permissions, or choose another folder with --results)\n"
            ))
    }

    @Test(arguments: ["with space", "é/ü", "-dash", "a/../b", "quote'\"", "new\nline", "percent%20"])
    func resultsOfAnyName(_ name: String) throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.done("run", "gpt.yaml", "training.steps=1", "--quiet", "--results=\(name)")
        #expect(outcome.output.hasPrefix(name + "/gpt/"))
        #expect(try sandbox.done("runs", "--csv", "--results=\(name)").output.contains("completed"))
        #expect(try sandbox.done("evaluate", "last", "--json", "--results=\(name)").output.contains("\"loss\""))
        let path = String(outcome.output.dropLast())
        #expect(try sandbox.done("evaluate", "--", path).output.contains("perplexity"))
    }

    /// Names with special characters are escaped in the terminal and in the log.
    @Test func namesOfAnyKind() throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.done("run", "gpt.yaml", "training.steps=1", "name=\"a\\n\\e[2J/../b\"")
        #expect(!outcome.errors.contains("\u{1B}"))
        #expect(sandbox.runs.count == 1)
        #expect(try !sandbox.done("runs").output.contains("\u{1B}"))
    }
}
