import ArgumentParser
import LatheReports
import LatheResults
import LatheSystem

struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Write a report that compares runs: curves, parameter effects, tables, samples. "
            + "One self-contained HTML file.",
        discussion: """
            A run is named by its path, its id, a unique prefix of it, or 'last'. The name or path of a sweep, an \
            experiment or a folder stands for all of its runs. Default: all runs in results/.
            """)

    @Argument(help: "Runs, sweeps, experiments or folders of runs.")
    var runs: [String] = []
    @OptionGroup var results: ResultsOptions
    @OptionGroup var conditions: RunConditions
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"))
    var output = "report.html"
    @Option(help: ArgumentHelp("The page's title (default: the names given).", valueName: "text"))
    var title: String?

    func validate() throws {
        guard !output.isEmpty else { throw ValidationError("--output is empty; name a file such as 'report.html'") }
    }

    func run() throws {
        let selection = RunSelection(runs, results: results.folder)
        for error in selection.errors { Console.error("error: \(error)") }
        guard selection.errors.isEmpty else { throw Finished(code: 2) }
        for warning in selection.warnings { Console.error("warning: \(warning)") }
        guard !selection.runs.isEmpty else {
            throw UsageError("no runs in \(results.path); start one with 'lathe run SPEC'")
        }
        let chosen = try conditions.filtered(selection.runs)
        guard !chosen.isEmpty else { throw UsageError("no run matches \(conditions.texts.joined(separator: " and "))") }
        let comparison = RunComparison(chosen, metric: selection.objective)
        var data = ReportData(title: title ?? standardTitle(chosen), comparison: comparison, version: Version.current)
        data.swept = selection.swept
        data.notes = selection.warnings
        guard output == "-" || (try? DurableFolder.names(in: output)) == nil else {
            throw UsageError("--output: '\(output)' is a folder; name a file in it")
        }
        let page = data.page { Console.error("warning: \($0)") }
        guard output != "-" else { return Console.output(page) }
        do throws(FileError) { try DurableFile.write(page, to: output) } catch {
            throw error.suggesting("choose another file with --output")
        }
        print(output)
    }

    private func standardTitle(_ chosen: [RunDigest]) -> String {
        let named = runs.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        if !named.isEmpty, named.count <= 3 { return named.joined(separator: ", ") }
        let names = Set(chosen.map(\.name))
        return names.count == 1 ? names.first! : "Runs"
    }
}
