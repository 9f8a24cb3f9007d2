import ArgumentParser
import LatheComponents
import LatheReports
import LatheResults
import LatheSweeps
import LatheSystem

/// A sweep, named by its name, its file or its folder.
struct SweepAddress: ParsableArguments {
    @Argument(help: ArgumentHelp("The sweep: its name, its file, or its folder.", valueName: "sweep"))
    var address: String

    func folder(_ results: String, _ registry: Registry) throws -> SweepFolder {
        var name = address
        if address.hasSuffix(".yaml") || address.hasSuffix(".yml") {
            name = try SweepDefinition(file: address, lookup: registry).name
        } else if address.contains("/"), let last = address.split(separator: "/").last {
            name = String(last)
        }
        let folder = SweepFolder(results: results, name: name)
        guard Path.exists(folder.record) else {
            let there = ((try? DurableFolder.names(in: results + "/sweeps")) ?? []).filter { !$0.hasPrefix(".") }
            throw UsageError(
                "there is no sweep '\(name)' in \(results)/sweeps; "
                    + (there.isEmpty
                        ? "start one with 'lathe sweep run FILE'" : "there are \(there.joined(separator: ", "))"))
        }
        return folder
    }
}

struct SweepStatus: RegistryCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the status of a sweep's trials.")

    @OptionGroup var sweep: SweepAddress
    @OptionGroup var results: ResultsOptions
    @Flag(help: "Print as JSON.")
    var json = false

    func run(_ registry: Registry) throws {
        let report = try SweepReport(folder: try sweep.folder(results.path, registry))
        if json {
            print(report.json.text(indented: true))
        } else {
            Console.output(report.table.text())
            print(report.summary)
            if !report.isAtWork, let next = report.nextSteps { print(next) }
        }
    }
}

struct SweepStop: RegistryCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop a running sweep and save its trials; run it again to resume.")

    @OptionGroup var sweep: SweepAddress
    @OptionGroup var results: ResultsOptions

    func run(_ registry: Registry) throws {
        let folder = try sweep.folder(results.path, registry)
        guard RunLock.isHeld(folder: folder.path) else {
            Console.error("sweep '\(folder.name)' is not running")
            return
        }
        // A file also reaches a sweep on another machine of a shared file system.
        try DurableFile.write("stop\n", to: folder.stopRequest)
        while RunLock.isHeld(folder: folder.path) { pause(seconds: 0.1) }
        Console.error("sweep '\(folder.name)' has stopped")
    }
}

/// The status of a sweep's trials, read from the results folder alone.
struct SweepReport {
    struct Row {
        var trial: TrialRecord
        var status: RunStatus?
        var standing: TrialStanding
        var failure: String?
    }

    let folder: SweepFolder
    let record: SweepRecord
    let rows: [Row]
    let isAtWork: Bool

    init(folder: SweepFolder) throws {
        self.folder = folder
        record = try SweepRecord.read(from: folder.record)
        let known = Dictionary(try TrialRecord.read(from: folder.trials).map { ($0.trial, $0) }) { first, _ in first }
        let index = RunIndex(results: folder.results)
        var last: [Int: SweepEvent] = [:]
        for event in try SweepEvent.read(from: folder.events) { last[event.trial] = event }
        let metric = record.metric, rungs = record.rungs
        rows = record.trials.compactMap { number in
            guard let trial = known[number] else { return nil }
            let standing = TrialStanding(index.run(trial.identity), metric: metric, rungs: rungs)
            var row = Row(trial: trial, status: standing.status, standing: standing, failure: standing.failure)
            // A worker that died before its run had a folder left only an event.
            if row.status == nil, let event = last[number], event.event == .failed {
                row.status = .failed
                row.failure = event.message
            }
            return row
        }
        isAtWork = RunLock.isHeld(folder: folder.path)
    }

    var table: Table {
        var table = Table(columns: [
            Table.Column("trial"), Table.Column("variation", alignment: .left),
            Table.Column("status", alignment: .left),
            Table.Column("step"), Table.Column("objective", title: record.metric),
            Table.Column("run", alignment: .left),
        ])
        for row in rows {
            table.append([
                .integer(row.trial.trial), .text(row.trial.label), .text(row.status?.rawValue ?? "missing"),
                .integer(row.standing.step), .number(row.standing.value, NumberText.loss),
                .text(row.standing.folder?.path),
            ])
        }
        return table
    }

    /// The completed trial with the best objective.
    var best: Row? {
        let goal = SearchGoal(rawValue: record.goal) ?? .minimize
        var best: (row: Row, value: Double)?
        for row in rows where row.status == .completed {
            guard let value = row.standing.value, !value.isNaN else { continue }
            if best.map({ goal.prefers(value, to: $0.value) }) ?? true { best = (row, value) }
        }
        return best?.row
    }

    /// The best trial and what to do with it; nil without a completed trial.
    var nextSteps: String? {
        guard let best, let run = best.standing.folder, let value = best.standing.value else { return nil }
        let results = folder.results == "results" ? "" : " --results \(folder.results)"
        let spec = folder.spec(best.trial.trial)
        return """
            best: trial \(best.trial.trial) (\(best.trial.label)), \(record.metric) \(NumberText.loss(value))
            next: lathe compare \(folder.name)\(results)
                  lathe generate \(run.path)
                  lathe run \(spec) seed=\(best.trial.seed &+ 1)\(results)    (another seed)
            """
    }

    /// For example `8 trials: 6 completed, 1 failed, 1 missing; running`.
    var summary: String {
        let states = RunStatus.allCases.compactMap { status -> String? in
            let count = rows.filter { $0.status == status }.count
            return count > 0 ? "\(count) \(status.rawValue)" : nil
        }
        let missing = rows.filter { $0.status == nil }.count
        let parts = states + (missing > 0 ? ["\(missing) missing"] : [])
        var text = "\(rows.count) trial\(rows.count == 1 ? "" : "s"): \(parts.joined(separator: ", "))"
        if isAtWork { text += "; running" }
        for row in rows {
            guard let status = row.status, status == .failed || status == .diverged else { continue }
            text +=
                "\ntrial \(row.trial.trial) (\(row.trial.label)) \(status): \(row.failure ?? "") (log: "
                + "\(folder.log(row.trial.trial)))"
        }
        return text
    }

    var json: JSONValue {
        .object([
            .init("sweep", .string(folder.name)), .init("file", .string(record.file)),
            .init("at_work", .bool(isAtWork)),
            .init(
                "objective", .object([.init("metric", .string(record.metric)), .init("goal", .string(record.goal))])),
            .init("best", best.map { .integer($0.trial.trial) } ?? .null),
            .init(
                "trials",
                .array(
                    rows.map { row in
                        .object([
                            .init("trial", .integer(row.trial.trial)), .init("identity", .string(row.trial.identity)),
                            .init("variant", row.trial.variant.map { .string($0) } ?? .null),
                            .init(
                                "parameters", .object(row.trial.parameters.map { .init($0.key, .string($0.value)) })),
                            .init("seed", .string(String(row.trial.seed))),
                            .init("status", .string(row.status?.rawValue ?? "missing")),
                            .init("step", .integer(row.standing.step)),
                            .init("objective", row.standing.value.map { .number($0) } ?? .null),
                            .init("run", row.standing.folder.map { .string($0.path) } ?? .null),
                            .init("failure", row.failure.map { .string($0) } ?? .null),
                        ])
                    })),
        ])
    }
}
