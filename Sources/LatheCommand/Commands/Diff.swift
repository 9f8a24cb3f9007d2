import ArgumentParser
import LatheReports
import LatheResults
import LatheSystem

struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what differs between two runs, and the first step at which their curves diverge.",
        discussion:
            "Curves are compared bit-for-bit. A run is named by its path, its id, a unique prefix of it, or 'last'.")

    @Argument(help: "A run.")
    var first: String
    @Argument(help: "Another run.")
    var second: String
    @OptionGroup var results: ResultsOptions
    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
        let runs = try [first, second].map { try results.folder.run($0) }
        let report = DifferenceReport(
            try RunDifference(runs[0], runs[1]), first: runs[0].folder.path, second: runs[1].folder.path)
        if json { print(report.json.text(indented: true)) } else { Console.output(report.text) }
    }
}
