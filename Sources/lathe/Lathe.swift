import ArgumentParser
import LatheComponents
import LatheGraph
import LatheResults
import LatheSpec
import LatheSystem
import LatheTraining

/// Parses arguments, runs a subcommand, and turns errors into messages and exit codes.
@main
struct Lathe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lathe",
        abstract: "A bench for small language models: declare an experiment in YAML, train it, compare the runs.",
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Experiments:",
                subcommands: [
                    Init.self, Check.self, Run.self, Resume.self, Fork.self, Sweep.self,
                ]),
            CommandGroup(
                name: "Runs:",
                subcommands: [
                    Runs.self, Compare.self, Diff.self, Report.self, Evaluate.self, Generate.self,
                ]),
            CommandGroup(name: "Speed:", subcommands: [Bench.self]),
            CommandGroup(
                name: "Data and components:",
                subcommands: [Prepare.self, Extract.self, Tokenize.self, Components.self, Schema.self]),
        ])

    static func main() {
        Terminal.openWhatIsClosed()
        var code: Int32 = 0
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as Finished {
            code = error.code
        } catch {
            code = report(error)
        }
        Console.finishOutput()
        exitProcess(code)
    }

    /// Prints an error and returns the exit code: 2 for what the user can fix in a spec, a file or the arguments, 1
    /// otherwise.
    private static func report(_ error: any Error) -> Int32 {
        switch error {
        case let error as Diagnostics: return fail(error.rendered(), 2)
        case is DataError, is RecordError, is RunAddressError, is ShapeMismatch, is UsageError, is OutOfMemory,
            is DamagedCheckpoint:
            return fail("error: \(error)", 2)
        case let error as FileError:
            return fail("error: \(error)", error.isMissing || error.isFolder || error.isTooLarge ? 2 : 1)
        case is DivergedRun, is RunInUse: return fail("error: \(error)", 1)
        default:
            // From the argument parser: help and version are a success, everything else is a wrong argument.
            let isClean = exitCode(for: error) == .success
            let message = fullMessage(for: error)
            if isClean { print(message) } else { Console.error(message) }
            return isClean ? 0 : 2
        }
    }

    private static func fail(_ message: String, _ code: Int32) -> Int32 {
        Console.error(message)
        return code
    }
}

/// A mistake of the user that is not in a spec; exit code 2.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Exits with a code and without a message: everything has been printed already.
struct Finished: Error {
    let code: Int32
}
