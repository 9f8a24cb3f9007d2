import LatheSystem
import Foundation
import LatheResults
import Testing

/// SIGINT and SIGTERM, reasons to refuse a resume, and locking of runs.
@Suite struct InterruptionTests {
    private static let long = ["training.steps=1000", "checkpoints.every=1000", "samples.every=1000"]

    /// Starts a run and waits until it is training.
    private func start(_ spec: String, _ changes: [String], in sandbox: Sandbox) throws -> (RunningCommand, RunFolder) {
        let command = try sandbox.start(["run", spec] + changes)
        while command.isRunning {
            if let run = sandbox.runs.last, let metrics = try? sandbox.text(run.metrics),
                metrics.contains("\"step\":5,")
            {
                return (command, run)
            }
            usleep(200)
        }
        throw Ended(description: "the run ended early: \(try command.wait().errors)")
    }

    /// The command can be interrupted even if the thread that started it blocks signals, as Dispatch's threads do.
    @Test func blockedSignalsAreTaken() throws {
        let sandbox = try Sandbox()
        let command = try RunningCommand(
            Lathe.path, ["run", "gpt.yaml", "training.steps=100000"], in: sandbox, blocksSignals: true)
        while command.isRunning, !command.errors.contains("\nin results") { usleep(200) }
        usleep(50000)
        command.send(SIGTERM)
        #expect(try command.wait().code == 3)
    }

    struct Ended: Error, CustomStringConvertible {
        var description: String
    }

    @Test(arguments: [("gpt.yaml", SIGINT), ("lstm.yaml", SIGTERM)]) func interruptedRunsGoOn(
        _ spec: String, _ signal: Int32
    ) throws {
        let undisturbed = try Sandbox()
        let outcome = try undisturbed.start(["run", spec, "--quiet"] + Self.long).wait()
        try #require(outcome.code == 0, "\(outcome.errors)")

        let sandbox = try Sandbox()
        let (command, run) = try start(spec, Self.long, in: sandbox)
        command.send(signal)
        let interrupted = try command.wait()
        #expect(interrupted.code == 3)
        #expect(interrupted.output.isEmpty)
        #expect(interrupted.errors.contains("interrupted; resume with 'lathe resume "))
        let record = try run.readRecord()
        #expect(record.status == .interrupted)
        #expect(record.exitCode == 3)
        let step = try #require(run.step(of: .last))
        #expect(try run.readMetrics().last?.step == step)
        #expect(try run.readSummary() == nil)
        #expect(try sandbox.done("runs").output.contains("interrupted"))

        try sandbox.done("resume", "last")
        try sandbox.expectSame(run, as: try #require(undisturbed.runs.last))
        #expect(try run.readRecord().resumed.count == 1)
    }

    /// The first signal requests a stop, the second ends the process at once. Sending both within one step shows the
    /// difference.
    @Test func secondSignalEndsAtOnce() throws {
        let sandbox = try Sandbox()
        let slow = ["model.width=256", "model.layers=8", "training.batch_size=128", "training.context=64"]
        let command = try sandbox.start(["run", "gpt.yaml"] + slow)
        while command.isRunning, !command.errors.contains("\nin results") { usleep(200) }
        usleep(20000)
        command.send(SIGINT)
        usleep(100000)
        command.send(SIGINT)
        let outcome = try command.wait()
        #expect(outcome.code == 128 + SIGINT)
        let run = try #require(sandbox.runs.last)
        // It ended without updating its record, so only the released lock shows that it is gone.
        #expect(try run.readRecord().status == .running)
        #expect(try StoredRun(folder: run).status == .interrupted)
    }

    @Test func completedRunIsNotResumed() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run("gpt.yaml", "training.steps=2")
        let before = try sandbox.bytes(run.record)
        let outcome = try sandbox.lathe("resume", "last")
        #expect(outcome.code == 2)
        #expect(
            outcome.errors == """
                error: results/gpt/\(run.name): the run is completed; 'lathe fork' starts a new one from its checkpoints

                """)
        #expect(try sandbox.bytes(run.record) == before)
    }

    @Test func runInUseIsLeftAlone() throws {
        let sandbox = try Sandbox()
        let (command, run) = try start("gpt.yaml", ["training.steps=100000", "validation.every=100000"], in: sandbox)
        let outcome = try sandbox.lathe("resume", "last")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("results/gpt/\(run.name): in use by process "))
        #expect(outcome.errors.contains("; wait for it to finish, or stop it\n"))
        #expect(command.isRunning)
        #expect(try StoredRun(folder: run).status == .running)
        command.send(SIGINT)
        #expect(try command.wait().code == 3)
    }

    /// A run whose text or tokenizer has changed cannot resume, and loses nothing.
    @Test func changedTextIsRefused() throws {
        let sandbox = try Sandbox()
        let (command, run) = try start("gpt.yaml", Self.long, in: sandbox)
        command.send(SIGINT)
        #expect(try command.wait().code == 3)
        let text = try sandbox.text("a.txt")
        let before = try ["run.json", "metrics.jsonl", "timing.jsonl"].map { try sandbox.bytes(run.file($0)) }
        try sandbox.write(text + "More.\n", to: "a.txt")
        let outcome = try sandbox.lathe("resume", "last")
        #expect(outcome.code == 2)
        #expect(
            outcome.errors.contains(
                "error: results/gpt/\(run.name): the text or split has changed since the run began, so it cannot resume as the same "
                    + "run; restore the old one, or start a new run from results/gpt/\(run.name)/config.yaml\n"))
        try FileManager.default.removeItem(atPath: sandbox.file("a.txt"))
        let missing = try sandbox.lathe("resume", "last")
        #expect(missing.code == 2)
        #expect(missing.errors.contains("there is no such file"))
        #expect(try ["run.json", "metrics.jsonl", "timing.jsonl"].map { try sandbox.bytes(run.file($0)) } == before)
        try sandbox.write(text, to: "a.txt")
        try sandbox.done("resume", "last")
        #expect(try run.readRecord().status == .completed)
    }

    /// A resumed run keeps its recorded configuration: overrides that change results are refused, others are allowed.
    @Test func changedConfigurationIsRefused() throws {
        let sandbox = try Sandbox()
        let (command, run) = try start("gpt.yaml", Self.long, in: sandbox)
        command.send(SIGINT)
        #expect(try command.wait().code == 3)
        let configuration = try sandbox.text(run.configuration), metrics = try sandbox.bytes(run.metrics)
        func change(_ old: String, _ new: String) throws {
            #expect(configuration.contains(old))
            try configuration.replacingOccurrences(of: old, with: new).write(
                toFile: run.configuration, atomically: true, encoding: .utf8)
        }
        try change("learning_rate: 0.001", "learning_rate: 0.5")
        let refused = try sandbox.lathe("resume", "last")
        #expect(refused.code == 2)
        #expect(refused.errors.contains("config.yaml: has changed since the run began"), "\(refused.errors)")
        #expect(refused.errors.contains("lathe fork results/gpt/\(run.name)"))
        #expect(try sandbox.bytes(run.metrics) == metrics)
        try change("threads: auto", "threads: 1")
        try sandbox.done("resume", "last")
        #expect(try run.readRecord().status == .completed)
    }

    /// Metrics that lost their beginning are reported as incomplete.
    @Test func lostMetricsAreWarnedOf() throws {
        let sandbox = try Sandbox()
        let (command, run) = try start("gpt.yaml", Self.long, in: sandbox)
        command.send(SIGINT)
        #expect(try command.wait().code == 3)
        let step = try #require(run.step(of: .last))
        let lines = try sandbox.text(run.metrics).split(separator: "\n")
        try lines.prefix(2).joined(separator: "\n").appending("\n").write(
            toFile: run.metrics, atomically: true, encoding: .utf8)
        let last = try #require(run.readMetrics().last?.step)
        let resumed = try sandbox.done("resume", "last")
        #expect(
            resumed.errors.contains(
                "warning: results/gpt/\(run.name)/metrics.jsonl: ends at step \(last), before the checkpoint of step \(step): "
            ),
            "\(resumed.errors)")
    }

    @Test func anotherBuildIsWarnedOf() throws {
        let sandbox = try Sandbox()
        let (command, run) = try start("gpt.yaml", Self.long, in: sandbox)
        command.send(SIGINT)
        #expect(try command.wait().code == 3)
        try run.updateRecord { $0.latheVersion = "0.0.1+other" }
        let outcome = try sandbox.done("resume", "last")
        #expect(outcome.errors.contains("warning: the run was started by build 0.0.1+other, this is 0."))
        #expect(try sandbox.text(run.log).contains("warning: the run was started by build 0.0.1+other"))
    }

    /// A signal is answered at once, with the way to leave without saving; a closing terminal is as SIGTERM, however
    /// often it says so, and means nothing under nohup.
    @Test func signalsAreAnswered() throws {
        let sandbox = try Sandbox()
        let (command, run) = try start("gpt.yaml", ["training.steps=100000"], in: sandbox)
        command.send(SIGHUP)
        command.send(SIGHUP)
        let outcome = try command.wait()
        #expect(outcome.code == 3)
        #expect(
            outcome.errors.contains(
                "\nstopping: the run is being saved after this step; Ctrl-C again leaves at once without saving\n"))
        #expect(try run.readRecord().status == .interrupted)
        let shell = try RunningCommand(
            "/bin/sh", ["-c", "trap '' HUP; exec '\(Lathe.path)' run gpt.yaml training.steps=200"], in: sandbox)
        while shell.isRunning, !shell.errors.contains("\nin results") { usleep(200) }
        shell.send(SIGHUP)
        #expect(try shell.wait().code == 0)
    }

    /// A run interrupted in a validation leaves it, and resumes with it: its records are those of an undisturbed run.
    @Test func validationsAreLeftEarly() throws {
        let changes = ["training.steps=12", "validation.every=1", "model.width=64", "samples.tokens=0"]
        let undisturbed = try Sandbox(), sandbox = try Sandbox()
        for folder in [undisturbed, sandbox] { try folder.write(Texts.sentences(400_000, seed: 1), to: "a.txt") }
        #expect(try undisturbed.start(["run", "gpt.yaml"] + changes).wait().code == 0)
        var command = try sandbox.start(["run", "gpt.yaml"] + changes)
        for step in [2, 5] {
            while command.isRunning {
                if let run = sandbox.runs.last, let metrics = try? sandbox.text(run.metrics),
                    metrics.contains("\"step\":\(step),")
                {
                    break
                }
                usleep(200)
            }
            command.send(SIGINT)
            #expect(try command.wait().code == 3)
            command = try sandbox.start(["resume", "last"])
        }
        #expect(try command.wait().code == 0)
        try sandbox.expectSame(try #require(sandbox.runs.last), as: try #require(undisturbed.runs.last))
    }

    /// Whoever reads the messages may leave; the run does not.
    @Test func closedErrorsEndNoRun() throws {
        let sandbox = try Sandbox()
        let shell = try RunningCommand(
            "/bin/sh", ["-c", "'\(Lathe.path)' run gpt.yaml 2>&1 >/dev/null | head -1"], in: sandbox)
        #expect(try shell.wait().code == 0)
        while let run = sandbox.runs.last, try StoredRun(folder: run).status == .running { usleep(1000) }
        #expect(try #require(sandbox.runs.last).readRecord().status == .completed)
    }

    /// A process that died between creating its run and starting it leaves `queued` in the record.
    @Test func neverStartedIsInterrupted() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run("gpt.yaml", "training.steps=2")
        try run.updateRecord { record in
            record.status = .queued
            record.started = nil
        }
        #expect(try StoredRun(folder: run).status == .interrupted)
        #expect(try sandbox.done("runs").output.contains("interrupted"))
        try run.updateRecord { $0.started = .now() }
        #expect(try StoredRun(folder: run).status == .queued)
    }

    /// Bits are those of one kind of machine: another one is warned of, and each session says what it was.
    @Test func anotherMachineIsWarnedOf() throws {
        let sandbox = try Sandbox()
        let (command, run) = try start("gpt.yaml", Self.long, in: sandbox)
        command.send(SIGINT)
        #expect(try command.wait().code == 3)
        let record = try run.updateRecord {
            $0.machine?.simdLevel = "v0"
            $0.blas?.precision = "bf16"
            $0.blas?.products = "theirs"
        }
        let outcome = try sandbox.done("resume", "last")
        for name in ["SIMD level v0", "products in bf16", "product kernels theirs"] {
            #expect(outcome.errors.contains("warning: the run was started with \(name), this session has "), "\(name)")
        }
        let session = try #require(try run.readRecord().resumed.first)
        #expect(session.precision == "fp32" && session.products != nil)
        #expect(session.simdLevel != nil && session.simdLevel != record.machine?.simdLevel)
    }

    /// When the reader closes the pipe, the command ends silently.
    @Test func closedPipeIsQuiet() throws {
        let sandbox = try Sandbox()
        for _ in 0..<3 { _ = try sandbox.run("gpt.yaml", "training.steps=1") }
        for arguments in ["runs", "schema", "generate last --tokens 5000", "components --json"] {
            let shell = try RunningCommand(
                "/bin/sh", ["-c", "'\(Lathe.path)' \(arguments) | head -1"], in: sandbox)
            let outcome = try shell.wait()
            #expect(outcome.code == 0)
            #expect(outcome.errors.isEmpty, "\(arguments)")
            #expect(!outcome.output.isEmpty)
        }
    }

    /// Output that cannot be written completely is a failure.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) func fullOutputIsAFailure() throws {
        let sandbox = try Sandbox()
        _ = try sandbox.run("gpt.yaml", "training.steps=1")
        for arguments in ["runs", "runs --json", "schema", "generate last --tokens 5", "check gpt.yaml"] {
            let outcome = try RunningCommand(
                "/bin/sh", ["-c", "'\(Lathe.path)' \(arguments) >/dev/full"], in: sandbox
            ).wait()
            #expect(outcome.code == 1, "\(arguments)")
            #expect(
                outcome.errors.hasSuffix("error: standard output: cannot be written: No space left on device\n"),
                "\(arguments): \(outcome.errors)")
        }
    }

    /// A run started without standard file descriptors does not print into the files that it opens.
    @Test func closedStandardFilesHarmNothing() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.run("gpt.yaml")
        let outcome = try RunningCommand(
            "/bin/sh", ["-c", "'\(Lathe.path)' run gpt.yaml <&- >&- 2>&-"], in: sandbox
        ).wait()
        #expect(outcome.code == 0)
        let other = try #require(sandbox.runs.first { $0 != run })
        #expect(try sandbox.bytes(other.metrics) == sandbox.bytes(run.metrics))
        #expect(try sandbox.text(other.timing).split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
    }
}
