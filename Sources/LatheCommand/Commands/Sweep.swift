import ArgumentParser
import LatheComponents
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem
import LatheTraining

struct Sweep: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run many variations of an experiment, declared in a YAML file.",
        discussion: """
            A sweep declares a desired state: 'lathe sweep run' runs missing and failed trials, resumes interrupted
            ones, and leaves complete ones alone. Edit the file and run it again to add trials.
            """,
        subcommands: [
            SweepRun.self, SweepPlan.self, SweepStatus.self, SweepRetry.self, SweepStop.self, SweepTrial.self,
            SweepProbe.self,
        ])
}

struct SweepRunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Trials to run at once, or auto for the fastest split.", valueName: "n|auto"))
    var workers: String?
    @Flag(help: "Stop at the first failure instead of running the other trials.")
    var failFast = false
    @Option(
        help: ArgumentHelp(
            "Time after which no trial starts and running ones are saved: 90s, 30m, 2h.", valueName: "time"))
    var budget: String?
    @Flag(name: .shortAndLong, help: "Print only the result.")
    var quiet = false

    /// The options as overrides of sweep keys.
    var overrides: [String] { workers.map { ["launcher.workers=\($0)"] } ?? [] }

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
                throw UsageError("'\(text)' is not a duration; write 90s, 30m, 2h or 1h30m")
            }
            seconds = sum
        }
    }
}

struct SweepFileOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The sweep's YAML file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String
    @Argument(help: ArgumentHelp("Overrides of the sweep's own keys: 'repeat=3'.", valueName: "key=value"))
    var overrides: [String] = []
}

struct SweepRun: RegistryCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run all missing trials of a sweep.",
        discussion: """
            Ctrl-C saves running trials and exits with 3; run the sweep again to resume it. Exit codes: 0 all trials are
            done, 1 some failed, 2 the sweep has a mistake, 3 stopped before its end.
            """)

    @OptionGroup var file: SweepFileOptions
    @OptionGroup var options: SweepRunOptions
    @OptionGroup var results: ResultsOptions

    func run(_ registry: Registry) throws {
        let definition = try SweepDefinition(
            file: file.path, overrides: file.overrides + options.overrides, lookup: registry)
        let sweep = try LoadedSweep(definition, file: file.path, results: results.path, registry: registry)
        try sweep.run(try options.runnerOptions(), isQuiet: options.quiet)
    }
}

struct SweepRetry: RegistryCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Rerun failed and diverged trials from the start; 'sweep run' resumes failed ones.",
        discussion: "Runs are exact, so a diverged trial needs a change: of the program, the machine or the data.")

    @OptionGroup var file: SweepFileOptions
    @Option(
        help: ArgumentHelp(
            "An incomplete trial's number; may be repeated (default: all that failed or diverged).", valueName: "n"))
    var trial: [Int] = []
    @OptionGroup var options: SweepRunOptions
    @OptionGroup var results: ResultsOptions

    func run(_ registry: Registry) throws {
        let definition = try SweepDefinition(
            file: file.path, overrides: file.overrides + options.overrides, lookup: registry)
        let sweep = try LoadedSweep(definition, file: file.path, results: results.path, registry: registry)
        var runner = try options.runnerOptions()
        let known = try SweepReport(folder: sweep.folder)
        let unfinished = known.rows.filter { $0.status == .failed || $0.status == .diverged }.map(\.trial.trial)
        let failed = trial.isEmpty ? unfinished : trial
        for number in failed where !known.rows.contains(where: { $0.trial.trial == number }) {
            throw UsageError("the sweep has no trial \(number); 'lathe sweep status \(sweep.folder.name)' lists them")
        }
        guard !failed.isEmpty else {
            Console.error("no trial of sweep '\(sweep.folder.name)' has failed")
            return
        }
        runner.only = Set(failed)
        runner.startsOver = true
        try sweep.run(runner, isQuiet: options.quiet)
    }
}
