import ArgumentParser
import LatheReports
import LatheResults
import LatheSystem

struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the runs in results/.",
        discussion:
            "A key is a spec key (model.type), a metric at the last validation (validation/loss), "
            + "or a column of --json."
    )

    @OptionGroup var results: ResultsOptions
    @OptionGroup var view: RunViewOptions
    @Flag(help: "Print as JSON.")
    var json = false
    @Flag(help: "Print as CSV.")
    var csv = false

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv cannot be combined") }
    }

    func run() throws {
        let contents = ResultsIndex(results.folder).look()
        for problem in contents.problems { Console.error("warning: \(problem.message)") }
        let runs = view.sorted(try view.filtered(contents.runs))
        let keys = view.keys ?? RunsTable.keys
        let duplicates = contents.runs.duplicates
        let table =
            json || csv || runs.contains { duplicates[$0.path] != nil }
            ? RunsTable.table(runs, keys: keys, duplicates: duplicates) : RunsTable.table(runs, keys: keys)
        if json {
            print(table.json().text(indented: true))
        } else if csv {
            Console.output(table.csv())
        } else if contents.runs.isEmpty {
            print("no runs in \(results.path); start one with 'lathe run SPEC'")
        } else if runs.isEmpty {
            print("no run matches \(view.chosen.texts.joined(separator: " and "))")
        } else {
            Console.output(table.text())
        }
    }
}
