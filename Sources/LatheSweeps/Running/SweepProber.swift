public import LatheComponents
import LatheResults
import LatheSpec
public import LatheSystem

/// What a trial takes, known before it runs.
public struct TrialNeeds: Sendable {
    /// Trials of one shape take equal time and memory per step.
    public var shape: Int
    /// Planned memory, in bytes.
    public var memory: Int
    public var steps: Int
    /// Checkpoint size, in bytes.
    public var checkpoint: Int

    public init(shape: Int, memory: Int, steps: Int, checkpoint: Int) {
        self.shape = shape
        self.memory = memory
        self.steps = steps
        self.checkpoint = checkpoint
    }
}

/// Measures trial shapes, several at once, as the sweep would run them.
public final class SweepProber {
    public struct Speed: Sendable {
        public var stepSeconds: Double
        public var validationSeconds: Double
        public var peakMegabytes: Double
        /// Seconds until the first step.
        public var startSeconds: Double
    }

    /// The user asked the program to stop.
    public struct Interrupted: Error {}

    /// A trial that cannot be measured, and its output.
    public struct Failure: UserError {
        public let message: String
    }

    /// Speeds by shape, under the best split found.
    public private(set) var known: [Int: Speed] = [:]
    private let trials: [Trial]
    private let needs: [TrialNeeds]
    private let positions: [Int]
    private let launcher: any Launcher
    private let shapeLimit: Int
    private let program: String
    private let isInterrupted: () -> Bool

    /// - Parameters:
    ///   - positions: the trials that have not run.
    ///   - shapeLimit: the most shapes to measure, those with the most work first.
    ///   - program: this executable; its `sweep probe` measures.
    public init(
        _ expansion: SweepExpansion, needs: [TrialNeeds], positions: [Int], shapeLimit: Int = 3, program: String,
        isInterrupted: @escaping () -> Bool
    ) throws {
        trials = expansion.trials
        launcher = try expansion.definition.launcher.make()
        self.needs = needs
        self.positions = positions
        self.shapeLimit = shapeLimit
        self.program = program
        self.isInterrupted = isInterrupted
    }

    /// The split under which the trials finish soonest.
    public func fastest(_ splits: [WorkerSplit], say: (String) -> Void) throws -> WorkerSplit {
        var best: (split: WorkerSplit, seconds: Double, known: [Int: Speed])?
        func total(_ speeds: [Int: Speed], _ split: WorkerSplit) -> Double {
            speeds.reduce(0) { $0 + $1.value.stepSeconds * Double(work($1.key)) / Double(split.workers) }
        }
        // One thread per worker is usually most efficient; for a short sweep, measuring more would not pay off.
        if let first = splits.first {
            let speeds = try measure(first, seconds: 0.2)
            if total(speeds, first) < Self.shortSeconds {
                known = speeds
                return first
            }
        }
        for split in splits {
            say("measuring \(split.text)")
            let speeds = try measure(split, seconds: 1)
            let seconds = total(speeds, split)
            // Ties within noise go to more workers, which come first.
            if best.map({ seconds < 0.98 * $0.seconds }) ?? true { best = (split, seconds, speeds) }
        }
        guard let best else { return WorkerSplit(workers: 1, threads: 1) }
        known = best.known
        return best.split
    }

    /// Sweeps shorter than this are not worth measuring.
    private static let shortSeconds = 60.0

    /// Measures all shapes under one split.
    public func learn(_ split: WorkerSplit) throws { known = try measure(split, seconds: 1) }

    private func work(_ shape: Int) -> Int {
        positions.reduce(0) { $0 + (needs[$1].shape == shape ? needs[$1].steps : 0) }
    }

    private func measure(_ split: WorkerSplit, seconds: Double) throws -> [Int: Speed] {
        guard let launcher = try launcher.open(measuring: split) else { return [:] }
        let folder = try DurableFolder.temporary("lathe-probe")
        defer { try? DurableFolder.remove(folder) }
        let shapes = Set(positions.map { needs[$0].shape }).sorted { work($0) > work($1) }.prefix(shapeLimit)
        var speeds: [Int: Speed] = [:]
        for shape in shapes {
            guard let position = positions.first(where: { needs[$0].shape == shape }) else { continue }
            let spec = "\(folder)/\(shape).yaml"
            try DurableFile.write(trials[position].spec.resolved.yaml, to: spec)
            let jobs = try (0..<split.workers).map { copy in
                try launcher.submit(
                    LaunchJob(
                        name: "probe", arguments: [program, "sweep", "probe", spec, "--seconds", "\(seconds)"],
                        log: "\(folder)/\(shape)-\(copy).log"))
            }
            speeds[shape] = try mean(jobs.map { try wait(for: $0, launcher) })
        }
        return speeds
    }

    private func mean(_ speeds: [Speed]) -> Speed {
        let count = Double(speeds.count)
        return Speed(
            // Rates add up, not times.
            stepSeconds: count / speeds.reduce(0) { $0 + 1 / $1.stepSeconds },
            validationSeconds: speeds.reduce(0) { $0 + $1.validationSeconds } / count,
            peakMegabytes: speeds.map(\.peakMegabytes).max() ?? 0,
            startSeconds: speeds.reduce(0) { $0 + $1.startSeconds } / count)
    }

    private func wait(for job: String, _ launcher: any OpenLauncher) throws -> Speed {
        while true {
            if isInterrupted() { throw Interrupted() }
            guard case .ended(let end) = try launcher.poll(job) else {
                pause(seconds: 0.005)
                continue
            }
            guard let line = end.output.split(separator: "\n").last,
                let value = try? JSONValue(parsing: Array(line.utf8)[...]),
                let step = value["step_seconds"]?.double, let validation = value["validation_seconds"]?.double,
                let peak = value["peak_mb"]?.double, let start = value["start_seconds"]?.double
            else { throw Failure(message: "a trial cannot be measured: \(end.reason ?? end.output)") }
            return Speed(stepSeconds: step, validationSeconds: validation, peakMegabytes: peak, startSeconds: start)
        }
    }
}

extension WorkerSplit {
    /// For example `2 x 1 thread`.
    var text: String { "\(workers) x \(threads) thread\(threads == 1 ? "" : "s")" }
}
