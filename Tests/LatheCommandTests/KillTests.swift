import Foundation
import LatheResults
import Testing

/// A run killed repeatedly, at any moment, ends as if undisturbed.
@Suite(.serialized) struct KillTests {
    enum Moment: Sendable {
        /// After this share of the remaining steps plus up to 3 ms, to hit any point within a step.
        case share(Double)
        /// Steps are done, but no checkpoint exists yet.
        case beforeCheckpoints
        case inCheckpoint
        /// A checkpoint is half written and the next step is done.
        case besideCheckpoint
        /// A validation is running: its step is done, its metrics are not written.
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
        // Each run is killed repeatedly; if it ends before its next kill, another run begins.
        while !moments.isEmpty {
            let sandbox = try Sandbox()
            var isOver = false, told: [String] = []
            while !isOver, let moment = moments.popLast() {
                if try killOnce(spec, at: moment, delay: UInt32.random(in: 0..<3000, using: &random), in: sandbox) {
                    told.append("\(moment)")
                } else {
                    isOver = true
                    // A checkpoint or a validation is short and may be missed: try another moment instead.
                    moments.append(.share(Double.random(in: 0.02..<0.6, using: &random)))
                }
                // It may be killed in its last instant, when everything is done.
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

    /// Starts or resumes the run and kills it; false if it ended first.
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

    /// The last step in the metrics.
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
            // Older checkpoints are renamed to hidden folders while they are deleted.
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
