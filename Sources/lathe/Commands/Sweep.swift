import ArgumentParser
import LatheComponents
import LatheResults
import LatheSpec
import LatheSweeps
import LatheTraining

/// `lathe sweep`
struct Sweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run an experiment in many variations, as a YAML file declares them.",
        discussion: """
            A sweep is a desired state: 'lathe sweep run' computes what is missing or failed, goes on with what was interrupted, and leaves
            what is complete. Edit the file and run it again to add trials.
            """,
        subcommands: [
            SweepRun.self, SweepPlan.self, SweepStatus.self, SweepRetry.self, SweepStop.self, SweepTrial.self,
            SweepProbe.self,
        ])
}

/// How a sweep is run.
struct SweepRunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Trials at once, or auto for what finishes first.", valueName: "n|auto"))
    var workers: String?
    @Flag(help: "End at the first failure; else the other trials go on.")
    var failFast = false
    @Option(
        help: ArgumentHelp(
            "Time after which no trial begins and running ones are saved: 90s, 30m, 2h.", valueName: "time"))
    var budget: String?
    @Flag(name: .shortAndLong, help: "Print the result only.")
    var quiet = false

    /// Changes to the sweep that the options stand for.
    var overrides: [String] { workers.map { ["launcher.workers=\($0)"] } ?? [] }

    /// All trials, to the end.
    static var standard: SweepRunner.Options {
        var options = SweepRunner.Options()
        options.isInterrupted = { Interruption.isRequested }
        return options
    }

    func runnerOptions() throws -> SweepRunner.Options {
        var options = Self.standard
        options.failsFast = failFast
        options.budget = try budget.map { try Duration(parsing: $0).seconds }
        return options
    }

    /// A time as people write it.
    struct Duration {
        let seconds: Double

        init(parsing text: String) throws {
            let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
            var sum = 0.0, number = ""
            for character in text {
                if let unit = units[character], let value = Double(number) {
                    sum += value * unit
                    number = ""
                } else {
                    number.append(character)
                }
            }
            guard number.isEmpty, sum > 0 else {
                throw UsageError("'\(text)' is no time; write 90s, 30m, 2h or 1h30m")
            }
            seconds = sum
        }
    }
}

/// A sweep's file and changes to it.
struct SweepFileOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The sweep, a YAML file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String
    @Argument(help: ArgumentHelp("Changes to the sweep itself: 'repeat=3'.", valueName: "key=value"))
    var overrides: [String] = []
}

/// `lathe sweep run`
struct SweepRun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Bring results/ to the state that a sweep declares.",
        discussion: """
            Ctrl-C saves what runs and exits with 3; running the sweep again goes on. Exit codes: 0 all trials are done, 1 some failed,
            2 something is wrong with the sweep, 3 stopped before its end.
            """)

    @OptionGroup var file: SweepFileOptions
    @OptionGroup var options: SweepRunOptions
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let registry = try Registry.installed()
        let definition = try SweepDefinition(
            file: file.path, overrides: file.overrides + options.overrides, lookup: registry)
        let bench = try SweepBench(definition, file: file.path, results: results.path, registry: registry)
        try bench.run(try options.runnerOptions(), isQuiet: options.quiet)
    }
}

/// `lathe sweep retry`
struct SweepRetry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Compute failed trials again from the start; 'sweep run' goes on from their checkpoints.")

    @OptionGroup var file: SweepFileOptions
    @Option(help: ArgumentHelp("Numbers of trials that are not complete; all that failed by default.", valueName: "n"))
    var trial: [Int] = []
    @OptionGroup var options: SweepRunOptions
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let registry = try Registry.installed()
        let definition = try SweepDefinition(
            file: file.path, overrides: file.overrides + options.overrides, lookup: registry)
        let bench = try SweepBench(definition, file: file.path, results: results.path, registry: registry)
        var runner = try options.runnerOptions()
        let known = try SweepReport(folder: bench.folder)
        let failed = trial.isEmpty ? known.rows.filter { $0.status == .failed }.map(\.trial.trial) : trial
        for number in failed where !known.rows.contains(where: { $0.trial.trial == number }) {
            throw UsageError("the sweep has no trial \(number); 'lathe sweep status \(bench.folder.name)' lists them")
        }
        guard !failed.isEmpty else {
            Console.error("no trial of sweep '\(bench.folder.name)' has failed")
            return
        }
        runner.only = Set(failed)
        runner.startsOver = true
        try bench.run(runner, isQuiet: options.quiet)
    }
}
