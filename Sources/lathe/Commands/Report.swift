import ArgumentParser
import LatheReports
import LatheResults

/// `lathe report`
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Write a page that holds runs against each other: curves, effects of parameters, tables, samples. One HTML file, which needs no network.",
        discussion: """
            Runs are named by path, id, a unique prefix of it, or 'last'; all runs of a sweep, an experiment or a folder by its name or path. Without names \
            it is all runs in results/.
            """)

    @Argument(help: "Runs, sweeps, experiments, folders of runs.")
    var runs: [String] = []
    @OptionGroup var results: ResultsOptions
    @OptionGroup var conditions: RunConditions
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"))
    var output = "report.html"
    @Option(help: ArgumentHelp("The page's title (what was named).", valueName: "text"))
    var title: String?

    func validate() throws {
        guard !output.isEmpty else { throw ValidationError("--output is empty; name a file, 'report.html' say") }
    }

    func run() throws {
        let selection = RunSelection(runs, results: results.folder)
        for error in selection.errors { Console.error("error: \(error)") }
        guard selection.errors.isEmpty else { throw Finished(code: 2) }
        for warning in selection.warnings { Console.error("warning: \(warning)") }
        guard !selection.runs.isEmpty else {
            throw UsageError("no runs in \(results.path); 'lathe run SPEC' makes one")
        }
        let chosen = try conditions.filtered(selection.runs)
        guard !chosen.isEmpty else { throw UsageError("no run fulfils \(conditions.texts.joined(separator: " and "))") }
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

    /// What was named, else the experiment where there is one only.
    private func standardTitle(_ chosen: [RunDigest]) -> String {
        let named = runs.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        if !named.isEmpty, named.count <= 3 { return named.joined(separator: ", ") }
        let names = Set(chosen.map(\.name))
        return names.count == 1 ? names.first! : "Runs"
    }
}
