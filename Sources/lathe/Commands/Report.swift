import ArgumentParser
import LatheReports
import LatheResults

/// `lathe report`
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a page that holds runs against each other: one HTML file, which needs no network.",
        discussion: "A run is named by its path, its id, a unique prefix of it, or 'last'.")

    @Argument(help: "Runs; all where none is named.")
    var runs: [String] = []
    @OptionGroup var results: ResultsOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output = "report.html"
    @Option(help: "The page's title.")
    var title: String?

    func run() throws {
        let digests = try runs.map { try RunDigest(try results.folder.run($0)) }
        let comparison = RunComparison(digests)
        let page = try ReportData(title: title ?? "Runs", comparison: comparison, version: Version.current).page()
        try DurableFile.write(page, to: output)
        print(output)
    }
}
