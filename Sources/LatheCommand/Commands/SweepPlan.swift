import ArgumentParser
import LatheComponents
import LatheKernels
import LatheReports
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem

struct SweepPlan: RegistryCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a sweep would run, and estimate time, memory and disk from a short measurement.")

    @OptionGroup var file: SweepFileOptions
    @OptionGroup var results: ResultsOptions
    @Option(help: ArgumentHelp("Trials to run at once, or auto for the fastest split.", valueName: "n|auto"))
    var workers: String?
    @Flag(help: "Print as JSON.")
    var json = false

    func run(_ registry: Registry) throws {
        let overrides = file.overrides + (workers.map { ["launcher.workers=\($0)"] } ?? [])
        let definition = try SweepDefinition(file: file.path, overrides: overrides, lookup: registry)
        let sweep = try LoadedSweep(
            definition, file: file.path, results: results.path, registry: registry, isQuiet: json)
        let forecast = try SweepForecast(sweep, isQuiet: json)
        if json { print(forecast.json.text(indented: true)) } else { Console.output(forecast.text) }
    }
}

private struct SweepForecast {
    private let sweep: LoadedSweep
    private let table: Table
    private let counts: (complete: Int, resumed: Int, missing: Int)
    private let seconds: Double
    private let memory: Double
    private let disk: Double
    private let workers: String

    init(_ sweep: LoadedSweep, isQuiet: Bool) throws {
        self.sweep = sweep
        let expansion = sweep.expansion
        let index = RunIndex(results: sweep.folder.results)
        let metric = expansion.definition.objective.metric
        let standings = expansion.trials.map {
            TrialStanding(index.run($0.identity), metric: metric, rungs: expansion.strategy.rungs)
        }
        let open = standings.indices.filter { standings[$0].status != .completed }
        let prober = try sweep.prober(open, shapeLimit: .max)
        let launcher = try sweep.open(prober, open) { if !isQuiet { Console.error($0) } }
        if prober.known.isEmpty, !open.isEmpty {
            let count = max(1, min(launcher.capacity, Cores.count))
            try prober.learn(WorkerSplit(workers: count, threads: max(1, Cores.count / count)))
        }
        workers = launcher.summary
        let lengths = Self.expectedSteps(sweep)
        var total = 0.0, longest = 0.0, peak: [Double] = [], disk = 0.0
        var table = Table(columns: [
            Table.Column("variation", alignment: .left), Table.Column("state", alignment: .left), Table.Column("steps"),
            Table.Column("time"), Table.Column("memory"),
        ])
        for (position, trial) in expansion.trials.enumerated() {
            let standing = standings[position], needs = sweep.needs[position]
            let left = standing.status == .completed ? 0 : max(0, lengths[position] - standing.step)
            var cost: Double?
            if let speed = prober.known[needs.shape] {
                let validations = (left + trial.spec.validation.every - 1) / trial.spec.validation.every
                cost =
                    left == 0
                    ? 0
                    : speed.startSeconds + Double(left) * speed.stepSeconds + Double(validations)
                        * speed.validationSeconds
                if left > 0 { peak.append(speed.peakMegabytes) }
            }
            total += cost ?? 0
            longest = max(longest, cost ?? 0)
            if left > 0 {
                disk += Double(needs.checkpoint * (trial.spec.checkpoints.keep + 1)) / 1e6 + Double(left) * 300 / 1e6
            }
            let state =
                standing.status == .completed
                ? "complete" : standing.step > 0 ? "resumes at \(standing.step)" : "to run"
            table.append([
                .text(trial.label), .text(state), .integer(left),
                .number(left > 0 ? cost : nil) { NumberText.duration(seconds: $0) },
                .number(Double(needs.memory) / 1e6) { NumberText.memory(megabytes: $0) },
            ])
        }
        self.table = table
        counts = (
            standings.count - open.count, open.filter { standings[$0].step > 0 }.count,
            open.filter { standings[$0].step == 0 }.count
        )
        seconds = max(longest, total / Double(max(1, launcher.capacity)))
        memory = peak.sorted(by: >).prefix(launcher.capacity).reduce(0, +)
        self.disk = disk
    }

    /// Steps per trial, assuming that results rank in trial order, so halving prunes as many as it would on average.
    private static func expectedSteps(_ sweep: LoadedSweep) -> [Int] {
        let strategy = sweep.expansion.strategy
        var progress = sweep.needs.map { _ in TrialProgress() }
        var targets = strategy.targets(progress, goal: .minimize)
        for _ in 0...strategy.rungs.count {
            for (position, target) in targets.enumerated() {
                for rung in strategy.rungs {
                    if case .step(let step) = target, rung > step { continue }
                    progress[position].measured[rung] = Double(position)
                }
            }
            targets = strategy.targets(progress, goal: .minimize)
        }
        return zip(targets, sweep.needs).map { target, needs in
            if case .step(let step) = target { min(step, needs.steps) } else { needs.steps }
        }
    }

    var text: String {
        table.text()
            + """
            \(counts.complete) complete, \(counts.resumed) to resume, \(counts.missing) to run
            time    about \(NumberText.duration(seconds: seconds)) with \(workers)
            memory  about \(NumberText.memory(megabytes: memory)) at once
            disk    about \(NumberText.memory(megabytes: disk))

            """
    }

    var json: JSONValue {
        .object([
            .init("trials", table.json()), .init("complete", .integer(counts.complete)),
            .init("resumed", .integer(counts.resumed)), .init("missing", .integer(counts.missing)),
            .init("seconds", .number(seconds)), .init("memory_mb", .number(memory)), .init("disk_mb", .number(disk)),
            .init("workers", .string(workers)),
        ])
    }
}
