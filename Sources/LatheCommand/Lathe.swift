import ArgumentParser
import LatheBuiltins
public import LatheComponents
import LatheGraph
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem
import LatheTraining

/// The `lathe` command, for a program of one's own:
/// ```swift
/// import LatheCommand
/// import MyPlugin
///
/// LatheCommand.main(adding: [MyPlugin.self])
/// ```
public enum LatheCommand {
    /// Parses the process's arguments, runs the subcommand, and exits: with 0, or a message and 1, 2 or 3.
    ///
    /// - Parameter plugins: components beside the built-in ones.
    public static func main(adding plugins: [any Plugin.Type] = []) -> Never {
        Terminal.openWhatIsClosed()
        Terminal.ignoreBrokenPipes()
        var code: Int32 = 0
        do {
            let registry = try Registry(Builtins.plugins + plugins)
            if CommandLine.arguments.dropFirst() == ["help", "environment"] {
                Console.output(EnvironmentVariable.table)
                throw Finished(code: 0)
            }
            try CommandNames.check(CommandLine.arguments.dropFirst())
            var command = try Lathe.parseAsRoot()
            if let command = command as? any RegistryCommand { try command.run(registry) } else { try command.run() }
        } catch let error as Finished {
            code = error.code
        } catch {
            code = Lathe.report(error)
        }
        Console.finishOutput()
        exitProcess(code)
    }
}

/// A subcommand that makes components.
protocol RegistryCommand: ParsableCommand {
    func run(_ registry: Registry) throws
}

struct Lathe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lathe",
        abstract: "A bench for small language models: declare an experiment in YAML, train it, compare the runs.",
        discussion: "'lathe help environment' lists the environment variables.",
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

    /// Prints an error and returns the exit code: 2 for what the user can fix in a spec, a file or the arguments, 1
    /// otherwise.
    static func report(_ error: any Error) -> Int32 {
        switch error {
        case let error as Diagnostics: return fail(error.rendered(), 2)
        case is DataError, is RecordError, is RunAddressError, is ShapeMismatch, is UsageError, is OutOfMemory,
            is DamagedCheckpoint:
            return fail("error: \(error)", 2)
        case let error as FileError:
            return fail("error: \(error)", error.isMissing || error.isFolder || error.isTooLarge ? 2 : 1)
        case is SweepProber.Interrupted: return 3
        case let error as any UserError: return fail("error: \(error)", error.exitCode)
        case is DivergedRun, is RunInUse, is DuplicateComponent: return fail("error: \(error)", 1)
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
