import ArgumentParser
import LatheComponents
import LatheKernels
import LatheLaunchers
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem
import LatheTraining

/// `lathe sweep probe`, the worker process of `SweepProber`.
struct SweepProbe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Train briefly and report the speed.", shouldDisplay: false)

    @Argument(help: "A trial's spec.")
    var spec: String
    @Option(help: "Seconds to train.")
    var seconds = 1.0

    func run() throws {
        CurrentProcess.endWithParent(code: Int32(WorkerExit.interrupted))
        let start = MonotonicClock.seconds
        let bench = try Workbench(spec, overrides: [], registry: try .installed())
        let data = try bench.prepare(isQuiet: true)
        let pool = bench.pool(limit: Cores.count)
        let probe = try SpeedProbe(try bench.plan(data), data: data, pool: pool, seconds: seconds)
        print(
            JSONValue.object([
                .init("step_seconds", .number(probe.stepSeconds)),
                .init("validation_seconds", .number(probe.validationSeconds)),
                .init("peak_mb", .number(probe.peakMegabytes)),
                .init("start_seconds", .number(MonotonicClock.seconds - start - probe.seconds)),
            ]).text())
    }
}

/// Measures trial shapes, several at once, as the sweep would run them.
final class SweepProber {
    struct Speed {
        var stepSeconds: Double
        var validationSeconds: Double
        var peakMegabytes: Double
        /// Seconds until the first step.
        var startSeconds: Double
    }

    /// Speeds by shape, under the best split found.
    private(set) var known: [Int: Speed] = [:]
    private let bench: SweepBench
    private let positions: [Int]
    private let shapeLimit: Int

    /// - Parameter shapeLimit: the most shapes to measure, those with the most work first.
    init(bench: SweepBench, positions: [Int], shapeLimit: Int = 3) {
        self.bench = bench
        self.positions = positions
        self.shapeLimit = shapeLimit
    }

    func fastest(_ splits: [WorkerSplit], say: (String) -> Void) throws -> WorkerSplit {
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
    func learn(_ split: WorkerSplit) throws { known = try measure(split, seconds: 1) }

    private func work(_ shape: Int) -> Int {
        positions.reduce(0) { $0 + (bench.needs[$1].shape == shape ? bench.needs[$1].steps : 0) }
    }

    private func measure(_ split: WorkerSplit, seconds: Double) throws -> [Int: Speed] {
        let folder = try DurableFolder.temporary("lathe-probe")
        defer { try? DurableFolder.remove(folder) }
        var config = LocalLauncher.Config()
        config.workers = .value(split.workers)
        config.threads = .value(split.threads)
        let launcher = try LocalLauncher(config).open(
            LaunchRequest(jobs: split.workers, memory: 0) { $0[0] })
        let shapes = Set(positions.map { bench.needs[$0].shape }).sorted { work($0) > work($1) }.prefix(shapeLimit)
        var speeds: [Int: Speed] = [:]
        for shape in shapes {
            guard let position = positions.first(where: { bench.needs[$0].shape == shape }) else { continue }
            let spec = "\(folder)/\(shape).yaml"
            try DurableFile.write(bench.expansion.trials[position].spec.resolved.yaml, to: spec)
            let jobs = try (0..<split.workers).map { copy in
                try launcher.submit(
                    LaunchJob(
                        name: "probe",
                        arguments: [CurrentProcess.executable, "sweep", "probe", spec, "--seconds", "\(seconds)"],
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
            if Interruption.isRequested { throw Finished(code: 3) }
            guard case .ended(let end) = try launcher.poll(job) else {
                pause(seconds: 0.005)
                continue
            }
            guard let line = end.output.split(separator: "\n").last,
                let value = try? JSONValue(parsing: Array(line.utf8)[...]),
                let step = value["step_seconds"]?.double, let validation = value["validation_seconds"]?.double,
                let peak = value["peak_mb"]?.double, let start = value["start_seconds"]?.double
            else { throw UsageError("a trial cannot be measured: \(end.reason ?? end.output)") }
            return Speed(stepSeconds: step, validationSeconds: validation, peakMegabytes: peak, startSeconds: start)
        }
    }
}
