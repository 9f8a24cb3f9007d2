import ArgumentParser
import LatheComponents
import LatheReports
import LatheResults
import LatheSpec
import LatheSweeps
import LatheSystem

/// The `--where` filters shared by every command that takes several runs.
struct RunConditions: ParsableArguments {
    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "Only runs that match: 'model.type=lstm', 'seed!=1', 'optimizer.learning_rate<=3e-3', "
                + "'final_bits_per_byte<1.2'. May be repeated; all must match.",
            valueName: "condition"))
    var texts: [String] = []

    func validate() throws { _ = try filters() }

    /// - Throws: `UsageError` for a key that no run has.
    func filtered(_ runs: [RunDigest]) throws -> [RunDigest] {
        let filters = try filters()
        for key in filters.map(\.key) { try RunViewOptions.check(key, "--where", in: runs) }
        return runs.filter { run in filters.allSatisfy { $0.accepts(run) } }
    }

    private func filters() throws -> [RunFilter] {
        try texts.map { text in
            guard let filter = RunFilter(text) else {
                throw ValidationError(
                    "--where '\(text)' is not a condition; write KEY=VALUE, or with !=, <, <=, > or >= between them")
            }
            return filter
        }
    }
}

struct RunViewOptions: ParsableArguments {
    @OptionGroup var chosen: RunConditions
    @Option(help: ArgumentHelp("Sort by this key, smallest first.", valueName: "key"))
    var sort: String?
    @Flag(help: "Sort with the largest first.")
    var descending = false
    @Option(help: ArgumentHelp("Keys to show, separated by commas.", valueName: "keys"))
    var columns: String?

    func validate() throws {
        if descending, sort == nil { throw ValidationError("--descending needs --sort") }
        if let keys, keys.contains("") { throw ValidationError("--columns '\(columns ?? "")' names an empty key") }
    }

    var keys: [String]? {
        columns?.split(separator: ",", omittingEmptySubsequences: false).map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// - Throws: `UsageError` for a key that no run has.
    func filtered(_ runs: [RunDigest]) throws -> [RunDigest] {
        if let sort { try Self.check(sort, "--sort", in: runs) }
        for key in keys ?? [] { try Self.check(key, "--columns", in: runs) }
        return try chosen.filtered(runs)
    }

    func sorted(_ runs: [RunDigest]) -> [RunDigest] {
        guard let sort else { return runs }
        return RunKeys.sorted(runs, isDescending: descending) { RunKeys.value(sort, of: $0) }
    }

    /// Throws a `UsageError`, with the nearest known key, if no run has `key`.
    static func check(_ key: String, _ option: String, in runs: [RunDigest]) throws {
        guard !runs.isEmpty else { return }
        do throws(UnknownRunKey) { try RunKeys.check(key, in: runs) } catch {
            // People tend to remember only the last part of a dotted key.
            let parts = Dictionary(error.known.map { ($0.split(separator: ".").last.map(String.init) ?? $0, $0) }) {
                first, _ in first
            }
            let near =
                nearest(to: key, in: error.known)
                ?? nearest(to: key.split(separator: ".").last.map(String.init) ?? key, in: parts.keys.sorted())
                .flatMap { parts[$0] }
            throw UsageError(
                "\(option): unknown key '\(key)'" + (near.map { "; did you mean '\($0)'?" } ?? "")
                    + "\n  a key is a spec key (as in config.yaml: model.type), a metric (validation/loss), "
                    + "or one of:\n  "
                    + RunKeys.common.joined(separator: ", "))
        }
    }
}

/// The runs named by addresses: ids, run folders, sweeps, experiments or results folders.
struct RunSelection {
    /// Without duplicates, in the order named.
    private(set) var runs: [RunDigest] = []
    /// One message per address that names nothing, with suggestions.
    private(set) var errors: [String] = []
    /// Missing or unreadable runs.
    private(set) var warnings: [String] = []
    /// The sweeps' objective, if every address is a sweep and all agree.
    private(set) var objective: ComparisonMetric?

    /// The dotted keys that the sweeps vary, in order.
    private(set) var swept: [String] = []

    private let results: ResultsFolder
    private var looks: [String: ResultsIndex.Contents] = [:]
    private var objectives: [ComparisonMetric?] = []

    /// With no addresses, selects all runs of the results folder.
    init(_ addresses: [String], results: ResultsFolder) {
        self.results = results
        if addresses.isEmpty { add(look(results.path)) }
        for address in addresses {
            do { try add(address) } catch { errors.append("\(error)") }
        }
        if let first = objectives.first, objectives.allSatisfy({ $0 == first }) { objective = first }
    }

    private mutating func add(_ address: String) throws {
        let kind = try kind(address)
        switch kind {
        case .run(let run):
            objectives.append(nil)
            add(
                ResultsIndex.Contents(
                    runs: [run], problems: looks.values.flatMap(\.problems).filter { $0.folder == run.path }))
        case .sweep(let folder):
            try add(folder)
        case .experiment(let path):
            objectives.append(nil)
            let contents = look(parent(path))
            add(
                ResultsIndex.Contents(
                    runs: contents.runs.filter { parent($0.path) == path },
                    problems: contents.problems.filter { parent($0.folder) == path }))
        case .results(let path):
            objectives.append(nil)
            add(look(path))
        }
    }

    private mutating func add(_ contents: ResultsIndex.Contents) {
        // The same folder may be named in several ways.
        func real(_ run: RunDigest) -> String {
            return Path.real(run.path)
        }
        let known = Set(runs.map(real))
        runs += known.isEmpty ? contents.runs : contents.runs.filter { !known.contains(real($0)) }
        for problem in contents.problems where !warnings.contains(problem.message) { warnings.append(problem.message) }
    }

    /// Adds the runs of the trials in the sweep's current record.
    private mutating func add(_ sweep: SweepFolder) throws {
        let record = try SweepRecord.read(from: sweep.record)
        let trials = Dictionary(try TrialRecord.read(from: sweep.trials).map { ($0.trial, $0) }) { first, _ in first }
        let wanted = record.trials.compactMap { trials[$0] }
        for key in wanted.flatMap({ $0.parameters.map(\.key) }) where !swept.contains(key) { swept.append(key) }
        let contents = look(sweep.results)
        let byIdentity = Dictionary(grouping: contents.runs, by: \.identity)
        let missing = wanted.filter { byIdentity[$0.identity] == nil }
        add(ResultsIndex.Contents(runs: wanted.flatMap { byIdentity[$0.identity] ?? [] }))
        if !missing.isEmpty {
            warnings += contents.problems.map(\.message)
            warnings.append(
                "sweep '\(sweep.name)': \(missing.count) of \(wanted.count) trials "
                    + "\(missing.count == 1 ? "has" : "have") not run yet: "
                    + missing.prefix(3).map { "\($0.trial) (\($0.label))" }.joined(separator: "; ")
                    + (missing.count > 3 ? "; …" : ""))
        }
        objectives.append(ComparisonMetric(record.metric, isSmallerBetter: record.goal != SearchGoal.maximize.rawValue))
    }

    private mutating func look(_ path: String) -> ResultsIndex.Contents {
        if let contents = looks[path] { return contents }
        let contents = ResultsIndex(ResultsFolder(path: path)).look()
        looks[path] = contents
        return contents
    }

    private enum Kind {
        case run(RunDigest)
        case sweep(SweepFolder)
        case experiment(String)
        case results(String)
    }

    private mutating func kind(_ address: String) throws -> Kind {
        if address.contains("/") || address.hasPrefix("."), let kind = try kindOfPath(address) { return kind }
        let contents = look(results.path)
        if address == "last" || contents.runs.contains(where: { $0.id == address }) {
            return .run(try results.run(address, in: contents))
        }
        let sweep = SweepFolder(results: results.path, name: address)
        let experiment = results.path + "/" + address
        let isSweep = !address.contains("/") && sweep.name == address && exists(sweep.record)
        let isExperiment = !address.contains("/") && contents.runs.contains { parent($0.path) == experiment }
        // A sweep's runs live in an experiment of the same name; the sweep's current trials are the narrower meaning.
        if isSweep { return .sweep(sweep) }
        if isExperiment { return .experiment(experiment) }
        do throws(RunAddressError) { return .run(try results.run(address, in: contents)) } catch {
            guard !address.isEmpty, let kind = try kindOfPath(address) else { throw other(error, contents) }
            return kind
        }
    }

    /// The run, sweep, experiment or results folder at a path; nil if it is none of these.
    private mutating func kindOfPath(_ address: String) throws -> Kind? {
        var path = address
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if path.hasSuffix("/run.json") { path = String(path.dropLast("/run.json".count)) }
        if exists(path + "/run.json") {
            let run = try StoredRun(folder: RunFolder(path: path))
            do { return .run(try RunDigest(run)) } catch {
                warnings.append("\(error)")
                return .run(
                    RunDigest(
                        record: run.record, status: run.status, path: path,
                        figures: RunFigures(metrics: [], timing: [])))
            }
        }
        if exists(path + "/state.json"), exists(path + "/trials.jsonl") {
            return .sweep(
                SweepFolder(results: parent(parent(path)), name: String(path.split(separator: "/").last ?? "")))
        }
        guard let names = try? DurableFolder.names(in: path).filter({ !$0.hasPrefix(".") }) else { return nil }
        if names.contains(where: { exists("\(path)/\($0)/run.json") }) { return .experiment(path) }
        return look(path).runs.isEmpty && look(path).problems.isEmpty ? nil : .results(path)
    }

    private func exists(_ path: String) -> Bool { Path.exists(path) }

    private func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// Extends an unknown-address error with the sweeps and experiments that exist.
    private func other(_ error: RunAddressError, _ contents: ResultsIndex.Contents) -> UsageError {
        let sweeps = ((try? DurableFolder.names(in: results.path + "/sweeps")) ?? []).filter { !$0.hasPrefix(".") }
        let experiments = Set(contents.runs.map(\.experimentFolder)).sorted()
        let near = nearest(to: error.address, in: sweeps + experiments).map { "; did you mean '\($0)'?" } ?? ""
        guard case .unknown = error.kind else { return UsageError("\(error)") }
        func list(_ title: String, _ names: [String]) -> String {
            names.isEmpty
                ? "" : "\n  \(title): " + names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
        }
        return UsageError(
            "'\(error.address)' is not a run, sweep, experiment or folder of runs in \(results.path)\(near)"
                + list("experiments", experiments) + list("sweeps", sweeps)
                + list("newest runs", contents.runs.suffix(3).reversed().map(\.id))
                + (contents.runs.isEmpty ? "\n  (there are no runs there; choose another folder with --results)" : ""))
    }
}
