import ArgumentParser
import LatheReports
import LatheResults

/// `lathe runs`
struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the runs in results/.")

    @OptionGroup var results: ResultsOptions
    @Flag(help: "Print as JSON.")
    var json = false
    @Flag(help: "Print as CSV.")
    var csv = false

    func run() throws {
        let contents = results.folder.scan()
        let table = RunsTable.table(contents.runs) { Console.error("warning: \($0)") }
        for warning in contents.warnings { Console.error("warning: \(warning)") }
        if json {
            print(table.json().text(indented: true))
        } else if csv {
            Console.output(table.csv())
        } else if contents.runs.isEmpty {
            print("no runs in \(results.path); 'lathe run SPEC' makes one")
        } else {
            Console.output(table.text())
        }
    }
}

/// `lathe compare`
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold runs against each other: what differs in configuration, and what came of it.",
        discussion: "A run is named by its path, its id, a unique prefix of it, or 'last'.")

    @Argument(help: "Runs.")
    var runs: [String]
    @OptionGroup var results: ResultsOptions
    @Flag(help: "Print as JSON.")
    var json = false
    @Flag(help: "Print as CSV.")
    var csv = false

    func run() throws {
        let comparison = RunComparison(try runs.map { try RunDigest(try results.folder.run($0)) })
        if json {
            print(ComparisonTable.json(comparison).text(indented: true))
        } else if csv {
            Console.output(ComparisonTable.table(comparison).csv())
        } else {
            Console.output(ComparisonTable.text(comparison))
        }
    }
}
