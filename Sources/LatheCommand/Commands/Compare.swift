import ArgumentParser
import LatheReports
import LatheResults
import LatheSystem

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Compare configurations, and test whether they differ by more than seed noise.",
        discussion: """
            A run is named by its path, its id, a unique prefix of it, or 'last'. The name or path of a sweep, an \
            experiment or a folder stands for all of its runs. Default: all runs in results/. Runs that differ only \
            in their seed share a row: mean, 95 % interval, number of seeds.
            """)

    @Argument(help: "Runs, sweeps, experiments or folders of runs.")
    var runs: [String] = []
    @OptionGroup var results: ResultsOptions
    @OptionGroup var view: RunViewOptions
    @Option(
        help: ArgumentHelp(
            "The metric to compare: a validation metric or another numeric key (default: the sweep's objective, or "
                + "validation/bits_per_byte).",
            valueName: "key"))
    var metric: String?
    @Option(help: ArgumentHelp("Whether to minimize or maximize the metric.", valueName: "goal"))
    var goal: Goal?
    @Flag(help: "Use the metric at each run's best step instead of its last.")
    var best = false
    @Option(
        help: ArgumentHelp(
            "A run whose configuration the others are tested against, fixed in advance.", valueName: "run"))
    var baseline: String?
    @Option(
        help: ArgumentHelp(
            "Compare at equal cost (step, tokens, bytes, flops or seconds), as far as all runs got.",
            valueName: "axis"),
        transform: { text in
            guard let axis = CostAxis(rawValue: text) else {
                throw ValidationError("must be one of \(CostAxis.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return axis
        })
    var align: CostAxis?
    @Flag(help: "Print as JSON.")
    var json = false
    @Flag(help: "Print as CSV.")
    var csv = false

    enum Goal: String, ExpressibleByArgument, CaseIterable { case minimize, maximize }

    func validate() throws {
        if best, align != nil { throw ValidationError("--best and --align cannot be combined") }
        if json, csv { throw ValidationError("--json and --csv cannot be combined") }
    }

    func run() throws {
        let selection = RunSelection(runs, results: results.folder)
        for error in selection.errors { Console.error("error: \(error)") }
        guard selection.errors.isEmpty || !selection.runs.isEmpty else { throw Finished(code: 2) }
        guard !selection.runs.isEmpty else {
            throw UsageError("no runs in \(results.path); start one with 'lathe run SPEC'")
        }
        let baselineRun = try baseline.map { try RunDigest(results.folder.run($0)) }
        var runs = try view.filtered(selection.runs)
        guard !runs.isEmpty else { throw UsageError("no run matches \(view.chosen.texts.joined(separator: " and "))") }
        if let baselineRun, !runs.contains(where: { $0.path == baselineRun.path }) { runs.append(baselineRun) }
        var problems = selection.warnings
        let metric = try metric(for: runs, objective: selection.objective)
        let alignment = try align.map { axis in
            do { return try CostAlignment(runs, metric: metric.name, axis: axis, problems: &problems) } catch {
                throw UsageError("--align \(axis.rawValue): \(error)")
            }
        }
        for problem in problems { Console.error("warning: \(problem)") }
        let comparison = RunComparison(
            runs, metric: metric, baseline: baselineRun?.path, value: alignment.map { $0.value })
        let layout = ComparisonTable.Layout(columns: view.keys, sorting: view.sort, isDescending: view.descending)
        if json {
            let value = ComparisonTable.json(
                comparison, layout, alignment: alignment, problems: selection.errors + problems)
            print(value.text(indented: true))
        } else if csv {
            Console.output(ComparisonTable.table(comparison, layout).csv())
        } else {
            Console.output(ComparisonTable.text(comparison, layout, alignment: alignment))
        }
        if !selection.errors.isEmpty { throw Finished(code: 2) }
    }

    private func metric(for runs: [RunDigest], objective: ComparisonMetric?) throws -> ComparisonMetric {
        let moment: ComparisonMetric.Moment = best ? .best : .final
        var result = objective ?? .standard(for: runs)
        if let metric {
            if align == nil { try RunViewOptions.check(metric, "--metric", in: runs) }
            result = ComparisonMetric(
                metric, isSmallerBetter: !["tokens_per_second", "accepted_share"].contains(metric))
        }
        result.moment = moment
        if let goal { result.isSmallerBetter = goal == .minimize }
        if align == nil, runs.allSatisfy({ result.value($0) == nil }), metric != nil {
            throw UsageError("--metric: '\(result.name)' is not a number in any of the runs")
        }
        return result
    }
}
