import Foundation
import LatheResults
import Testing

/// Sweeps through the command, with models that train in a moment.
@Suite(.serialized) struct SweepTests {
    private static let grid = """
        base: gpt.yaml
        set: {training.steps: 30, samples.tokens: 0}
        parameters:
          optimizer.learning_rate: [1e-3, 3e-3, 1e-2]
          model.width: [8, 16, 32]

        """

    /// The trials as `status --json` shows them.
    private func trials(_ name: String, in sandbox: Sandbox) throws -> [Trial] {
        let outcome = try sandbox.done("sweep", "status", name, "--json")
        return try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8)).trials
    }

    private struct Status: Decodable { let trials: [Trial] }

    private struct Trial: Decodable {
        let trial: Int
        let identity: String
        let status: String
        let step: Int
        let run: String?
        let failure: String?
    }

    private func expectComplete(
        _ name: String, count: Int, in sandbox: Sandbox, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let trials = try trials(name, in: sandbox)
        #expect(trials.count == count, sourceLocation: sourceLocation)
        #expect(trials.allSatisfy { $0.status == "completed" }, sourceLocation: sourceLocation)
    }

    /// Runs are exact: a diverged trial is not tried again, except by `retry`.
    @Test func divergedTrialsStaySo() throws {
        let sandbox = try Sandbox()
        try sandbox.write(
            "base: gpt.yaml\nset: {training.steps: 6, clipping: none, model.dropout: 0, optimizer: {type: sgd}}\n"
                + "parameters: {optimizer.learning_rate: [1e-2, 1e30]}\n", to: "wide.yaml")
        let first = try sandbox.lathe("sweep", "run", "wide.yaml")
        #expect(first.code == 1)
        #expect(try trials("wide", in: sandbox).map(\.status) == ["completed", "diverged"])
        #expect(first.errors.contains("lathe sweep retry wide.yaml"), "\(first.errors)")
        let records = try sandbox.runs.map { try sandbox.bytes($0.record) }
        let second = try sandbox.lathe("sweep", "run", "wide.yaml")
        #expect(second.code == 1)
        #expect(!second.errors.contains("started") && second.errors.contains("1 complete, 1 diverged"))
        #expect(try sandbox.runs.map { try sandbox.bytes($0.record) } == records)
        #expect(try sandbox.lathe("sweep", "retry", "wide.yaml").errors.contains("trial 2"))
        #expect(try sandbox.runs.map { try sandbox.bytes($0.record) } != records)
        // The best trial and what to do next.
        let run = try #require(try trials("wide", in: sandbox).first?.run)
        for said in [first.errors, try sandbox.done("sweep", "status", "wide").output] {
            #expect(said.contains("best: trial 1 ("), "\(said)")
            #expect(said.contains("next: lathe compare wide\n") && said.contains("lathe generate \(run)\n"))
        }
    }

    @Test func anEditedGridRunsWhatIsNew() throws {
        let sandbox = try Sandbox()
        try sandbox.write(Self.grid, to: "grid.yaml")
        try sandbox.done("sweep", "run", "grid.yaml", "--workers", "2")
        try expectComplete("grid", count: 9, in: sandbox)
        let before = try trials("grid", in: sandbox)
        try sandbox.write(Self.grid.replacingOccurrences(of: "8, 16, 32", with: "8, 16, 24, 32"), to: "grid.yaml")
        let outcome = try sandbox.done("sweep", "run", "grid.yaml", "--workers", "2")
        #expect(outcome.errors.split(separator: "\n").filter { $0.hasSuffix("started") }.count == 3)
        try expectComplete("grid", count: 12, in: sandbox)
        #expect(sandbox.runs.count == 12)
        let after = try trials("grid", in: sandbox)
        for trial in before {
            #expect(after.first { $0.trial == trial.trial }?.run == trial.run)
        }
        let third = try sandbox.done("sweep", "run", "grid.yaml", "--workers", "2")
        #expect(!third.errors.contains("started"))
    }

    @Test func killedSweepsEndAsUndisturbedOnes() throws {
        let calm = try Sandbox(), fire = try Sandbox()
        let text = Self.grid.replacingOccurrences(of: "steps: 30", with: "steps: 400")
        for sandbox in [calm, fire] { try sandbox.write(text, to: "grid.yaml") }
        try calm.done("sweep", "run", "grid.yaml", "--workers", "2")
        var random = SeededGenerator(seed: 3)
        var kills = 0, workerKills = 0
        for round in 0..<8 {
            let command = try fire.start(["sweep", "run", "grid.yaml", "--workers", "2"])
            // Killed while most is still to do: once while planning, once during the first trials, then one of the
            // trials.
            if round > 0 { _ = Self.worker(of: command, in: fire) }
            usleep(UInt32.random(in: 0...60_000, using: &random))
            if round % 3 != 2 {
                if command.isRunning { kills += 1 }
                command.send(SIGKILL)
            } else if let worker = Self.worker(of: command, in: fire), kill(worker, SIGKILL) == 0 {
                workerKills += 1
            }
            let outcome = try command.wait()
            for _ in 0..<500 where !Self.workers(of: fire).isEmpty { usleep(10_000) }
            #expect(Self.workers(of: fire).isEmpty, "workers outlive their sweep")
            if outcome.code == 0 { break }
            if outcome.code == 1 { #expect(outcome.errors.contains("SIGKILL")) }
        }
        try fire.done("sweep", "run", "grid.yaml", "--workers", "2")
        #expect(kills >= 2 && workerKills >= 1)
        try expectComplete("grid", count: 9, in: fire)
        #expect(fire.runs.count == 9)
        for (one, other) in zip(try trials("grid", in: calm), try trials("grid", in: fire)) {
            #expect(one.identity == other.identity)
            let left = RunFolder(path: calm.file(try #require(one.run)))
            let right = RunFolder(path: fire.file(try #require(other.run)))
            for file in ["metrics.jsonl", "validation_nats.bin", "checkpoints/last/model.safetensors"] {
                #expect(try calm.bytes(left.file(file)) == fire.bytes(right.file(file)), "\(other.trial): \(file)")
            }
        }
    }

    /// Waits for a worker of a sweep; nil if the sweep ends or none appears.
    private static func worker(of sweep: RunningCommand, in sandbox: Sandbox) -> pid_t? {
        let start = ContinuousClock.now
        while sweep.isRunning, start.duration(to: .now) < .seconds(60) {
            if let worker = workers(of: sandbox).first { return worker }
            usleep(1000)
        }
        return nil
    }

    private static func workers(of sandbox: Sandbox) -> [pid_t] {
        let numbers = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
        return numbers.filter { process in
            guard let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline"),
                String(decoding: words, as: UTF8.self).contains("\0trial\0"),
                let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
            else { return false }
            return folder == sandbox.path
        }
    }

    @Test func halvingGoesOnFromCheckpoints() throws {
        let sandbox = try Sandbox()
        try sandbox.write(
            Self.grid.replacingOccurrences(of: "steps: 30", with: "steps: 90")
                + "strategy: {type: asha, rungs: [10, 30]}\n",
            to: "asha.yaml")
        try sandbox.write(Self.grid.replacingOccurrences(of: "steps: 30", with: "steps: 90"), to: "full.yaml")
        try sandbox.done("sweep", "run", "asha.yaml", "--workers", "2")
        let trials = try trials("asha", in: sandbox)
        let completed = trials.filter { $0.status == "completed" }
        #expect(completed.count >= 1 && completed.count < 9)
        #expect(trials.allSatisfy { ["completed", "pruned"].contains($0.status) })
        #expect(trials.reduce(0) { $0 + $1.step } < 9 * 90)
        for trial in trials {
            let run = RunFolder(path: sandbox.file(try #require(trial.run)))
            // Each step ran once: no trial started over.
            let steps = try run.readTiming().filter { $0.phase == .train }.map(\.step)
            #expect(steps == Array(1...trial.step))
            let record = try run.readRecord()
            #expect(record.resumed.count == (trial.step > 30 ? 2 : trial.step > 10 ? 1 : 0))
        }
        // The grid finds the completed trials and resumes the pruned ones.
        let outcome = try sandbox.done("sweep", "run", "full.yaml", "--workers", "2")
        #expect(
            outcome.errors.split(separator: "\n").filter { $0.hasSuffix("started") }.count == 9 - completed.count)
        #expect(sandbox.runs.count == 9)
        // A run paused twice equals one that never paused.
        let paused = RunFolder(path: sandbox.file(try #require(completed.first?.run)))
        let alone = try sandbox.run(paused.configuration, "--results", "alone")
        #expect(try sandbox.bytes(alone.metrics) == sandbox.bytes(paused.metrics))
    }

    @Test func sweepsShareRuns() throws {
        let sandbox = try Sandbox()
        try sandbox.write(Self.grid, to: "one.yaml")
        try sandbox.write(Self.grid.replacingOccurrences(of: "8, 16, 32", with: "16, 32, 64"), to: "two.yaml")
        // Started at the same time: a trial that one sweep is running, the other waits for.
        let first = try sandbox.start(["sweep", "run", "one.yaml", "--workers", "1"])
        let second = try sandbox.start(["sweep", "run", "two.yaml", "--workers", "1"])
        for command in [first, second] {
            let outcome = try command.wait()
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        #expect(sandbox.runs.count == 12)
        try expectComplete("one", count: 9, in: sandbox)
        try expectComplete("two", count: 9, in: sandbox)
    }

    @Test func aSweepFromTheCommandLine() throws {
        let sandbox = try Sandbox()
        try sandbox.done(
            "run", "gpt.yaml", "optimizer.learning_rate=1e-3,3e-3", "model={type: transformer, width: 16},lstm",
            "training.steps=10", "--multirun")
        try expectComplete("gpt-multirun", count: 4, in: sandbox)
        let wrong = try sandbox.lathe("run", "gpt.yaml", "optimizer.learning_rate=1e-3,-1", "--multirun")
        #expect(wrong.code == 2)
        #expect(
            wrong.errors.contains(
                "command line: optimizer.learning_rate=-1: error: 'learning_rate' in optimizer 'adamw': found -1"),
            "\(wrong.errors)")
        let single = try sandbox.lathe("run", "gpt.yaml", "optimizer.learning_rate=1e-3", "--multirun")
        #expect(single.code == 2)
    }

    @Test func aFailedTrialDoesNotEndTheOthers() throws {
        let sandbox = try Sandbox()
        try sandbox.write(
            Self.grid.replacingOccurrences(of: "[1e-3, 3e-3, 1e-2]", with: "[1e-3, 1e+30]")
                .replacingOccurrences(
                    of: "training.steps", with: "optimizer: {type: sgd}, clipping: none, training.steps"),
            to: "grid.yaml")
        let outcome = try sandbox.lathe("sweep", "run", "grid.yaml", "--workers", "2")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("optimizer.learning_rate 1e+30, model.width 8, seed 7) diverged: step "))
        #expect(outcome.errors.contains("log: results/sweeps/grid/logs/"))
        #expect(outcome.isWithoutTrace)
        let found = try trials("grid", in: sandbox)
        #expect(found.filter { $0.status == "completed" }.count == 3)
        #expect(found.filter { $0.status == "diverged" && $0.failure != nil }.count == 3)
        // Diverged trials run again when asked to; the others are left alone.
        let again = try sandbox.lathe("sweep", "retry", "grid.yaml", "--workers", "2")
        #expect(again.code == 1)
        #expect(again.errors.split(separator: "\n").filter { $0.hasSuffix("started") }.count == 3)
        let fast = try sandbox.lathe("sweep", "retry", "grid.yaml", "--workers", "1", "--fail-fast")
        #expect(fast.code == 1)
        #expect(fast.errors.split(separator: "\n").filter { $0.hasSuffix("started") }.count == 1)
        #expect(sandbox.runs.count == 6)
    }

    @Test func stopAndBudgetSaveTheWork() throws {
        let sandbox = try Sandbox()
        try sandbox.write(Self.grid.replacingOccurrences(of: "steps: 30", with: "steps: 4000"), to: "grid.yaml")
        let command = try sandbox.start(["sweep", "run", "grid.yaml", "--workers", "2"])
        while command.isRunning, !command.errors.contains("started") { usleep(10_000) }
        usleep(500_000)
        try sandbox.done("sweep", "stop", "grid")
        let outcome = try command.wait()
        #expect(outcome.code == 3, "\(outcome.errors)")
        let budget = try sandbox.lathe("sweep", "run", "grid.yaml", "--workers", "2", "--budget", "1s")
        #expect(budget.code == 3, "\(budget.errors)")
        #expect(budget.errors.contains("its budget of 1.0s is used up"))
        #expect(try trials("grid", in: sandbox).filter { $0.status == "interrupted" && $0.step > 0 }.count >= 1)
    }

    @Test func mistakesAreFoundBeforeAnythingRuns() throws {
        let sandbox = try Sandbox()
        try sandbox.write(
            "base: gpt.yaml\nparameters: {training.context: [16, 100000], model.heads: [2, 3]}\n", to: "wrong.yaml")
        let outcome = try sandbox.lathe("sweep", "run", "wrong.yaml")
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("gpt.yaml:5:56: error: width 16 is not divisible by 3 heads"))
        #expect(!sandbox.exists("results"))
        // Errors that only the text can show are also found before the first trial.
        try sandbox.write("base: gpt.yaml\nparameters: {training.context: [16, 100000]}\n", to: "long.yaml")
        let long = try sandbox.lathe("sweep", "run", "long.yaml")
        #expect(long.code == 2)
        #expect(long.errors.contains("needs at least"), "\(long.errors)")
        #expect(!sandbox.exists("results"))
        let plan = try sandbox.lathe("sweep", "plan", "wrong.yaml")
        #expect(plan.code == 2)
    }

    @Test func planWritesNothing() throws {
        let sandbox = try Sandbox()
        try sandbox.write(Self.grid, to: "grid.yaml")
        let outcome = try sandbox.done("sweep", "plan", "grid.yaml", "--workers", "1")
        #expect(outcome.output.contains("0 complete, 0 to resume, 9 to run"))
        #expect(!sandbox.exists("results"))
    }

    @Test func aResultsFolderThatCannotBeWrittenIsNamed() throws {
        let sandbox = try Sandbox()
        try sandbox.write(Self.grid, to: "grid.yaml")
        try sandbox.write("", to: "results")
        let outcome = try sandbox.lathe("sweep", "run", "grid.yaml", "--workers", "1")
        #expect(outcome.code == 2 || outcome.code == 1)
        #expect(outcome.errors.contains("results/sweeps"))
        #expect(outcome.isWithoutTrace)
    }
}
