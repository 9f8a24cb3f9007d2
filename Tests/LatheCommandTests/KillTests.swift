import Foundation
import LatheResults
import Testing

/// A run that is killed, at any moment and again and again, ends as if nothing had happened.
@Suite(.serialized) struct KillTests {
    /// A moment to kill at.
    enum Moment: Sendable {
        /// After this share of the steps that are left, and up to three milliseconds more: wherever in a step that may be.
        case share(Double)
        /// Steps were done, and no checkpoint is there yet.
        case beforeCheckpoints
        /// A checkpoint is half written.
        case inCheckpoint
        /// A checkpoint is half written, and a step after it is done.
        case besideCheckpoint
        /// A validation is going on: its step is done and its figures are not there.
        case inValidation
    }

    private static let steps = 180
    private static let pace = ["validation.every=5", "checkpoints.every=7", "training.steps=\(steps)"]

    @Test(arguments: [("gpt.yaml", UInt64(1)), ("lstm.yaml", 2)]) func killedRunsEndAsUndisturbedOnes(
        _ spec: String, _ seed: UInt64
    ) throws {
        let undisturbed = try Sandbox()
        let expected = try run(spec, in: undisturbed)
        var random = SeededGenerator(seed: seed)
        var moments: [Moment] = [.beforeCheckpoints, .inCheckpoint, .inValidation, .inCheckpoint, .inValidation]
        moments += [.besideCheckpoint, .besideCheckpoint]
        for _ in 0..<8 { moments.append(.share(Double.random(in: 0.02..<0.6, using: &random))) }
        moments.shuffle(using: &random)
        var kills = 0
        // A chain of kills of one run; where a run ends before its next kill, another begins.
        while !moments.isEmpty {
            let sandbox = try Sandbox()
            var isOver = false, told: [String] = []
            while !isOver, let moment = moments.popLast() {
                if try killOnce(spec, at: moment, delay: UInt32.random(in: 0..<3000, using: &random), in: sandbox) {
                    told.append("\(moment)")
                } else {
                    isOver = true
                    // A checkpoint or a validation is short, and may pass unseen: another moment takes its place.
                    moments.append(.share(Double.random(in: 0.02..<0.6, using: &random)))
                }
                // Killed in its last instant, when all is done.
                if try sandbox.runs.last?.readRecord().status == .completed { isOver = true }
            }
            kills += told.count
            if !isOver { try finish(spec, in: sandbox) }
            let run = try #require(sandbox.runs.last)
            #expect(sandbox.runs.count == 1)
            try sandbox.expectSame(try reread(run), as: expected, "killed at \(told)")
        }
        #expect(kills >= 15)
    }

    private func run(_ spec: String, in sandbox: Sandbox) throws -> RunFolder {
        let outcome = try sandbox.start(["run", spec, "--quiet"] + Self.pace).wait()
        try #require(outcome.code == 0, "\(outcome.errors)")
        return try #require(sandbox.runs.last)
    }

    private func arguments(_ spec: String, in sandbox: Sandbox) -> [String] {
        sandbox.runs.isEmpty ? ["run", spec, "--quiet"] + Self.pace : ["resume", "last", "--quiet"]
    }

    /// Starts or resumes the run and kills it; false where it ended first.
    private func killOnce(_ spec: String, at moment: Moment, delay: UInt32, in sandbox: Sandbox) throws -> Bool {
        let first = sandbox.runs.last.flatMap { try? $0.checkpointSteps().last } ?? 0
        let command = try sandbox.start(arguments(spec, in: sandbox))
        while command.isRunning {
            let isDue: Bool
            switch moment {
            case .share(let share):
                let target = first + Int(share * Double(Self.steps - first))
                isDue = sandbox.runs.last.map { lastStep(in: $0, sandbox) >= target } ?? (target == 0)
                if isDue { usleep(delay) }
            default: isDue = sandbox.runs.last.map { isNow(moment, in: $0, sandbox) } ?? false
            }
            if isDue { command.send(SIGKILL) }
            usleep(100)
        }
        let outcome = try command.wait()
        if outcome.signal == SIGKILL { return true }
        #expect(outcome.code == 0, "\(outcome.errors)")
        return false
    }

    /// The last step that metrics tell of.
    private func lastStep(in run: RunFolder, _ sandbox: Sandbox) -> Int {
        let metrics = (try? sandbox.text(run.metrics)) ?? ""
        return metrics.split(separator: "\n").last?.firstMatch(of: /"step":(\d+)/).flatMap { Int($0.1) } ?? 0
    }

    private func isNow(_ moment: Moment, in run: RunFolder, _ sandbox: Sandbox) -> Bool {
        let metrics = (try? sandbox.text(run.metrics)) ?? ""
        let checkpoints = (try? FileManager.default.contentsOfDirectory(atPath: run.checkpoints)) ?? []
        switch moment {
        case .share: return false
        case .beforeCheckpoints: return checkpoints.isEmpty && metrics.contains("\"step\":3,")
        case .inCheckpoint: return checkpoints.contains { $0.hasPrefix(".") && !$0.contains("last") }
        case .besideCheckpoint:
            // Older ones are hidden while they are removed.
            let newest = (try? run.checkpointSteps().last) ?? 0
            let hidden = checkpoints.compactMap { $0.firstMatch(of: /^\.step-(\d+)\./).flatMap { Int($0.1) } }
            return hidden.contains { $0 > newest && $0 < lastStep(in: run, sandbox) }
        case .inValidation:
            guard let line = metrics.split(separator: "\n").last, line.contains("train/loss"),
                let step = line.firstMatch(of: /"step":(\d+)/).flatMap({ Int($0.1) })
            else { return false }
            return step % 5 == 0
        }
    }

    private func finish(_ spec: String, in sandbox: Sandbox) throws {
        let outcome = try sandbox.start(arguments(spec, in: sandbox)).wait()
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    private func reread(_ run: RunFolder) throws -> RunFolder {
        #expect(try run.readRecord().status == .completed)
        return run
    }
}
