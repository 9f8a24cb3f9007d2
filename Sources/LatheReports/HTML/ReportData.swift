public import LatheResults
public import LatheSystem

/// Gathers what a report shows: comparison, curves, samples and logs of runs.
public struct ReportData: Sendable {
    public var title: String
    public var comparison: RunComparison
    /// The dotted keys that a sweep varied; they come first among the effects.
    public var swept: [String] = []
    public var version: String
    public var made: Timestamp = .now()
    /// Closing sentences of the page, such as what was left out.
    public var notes: [String] = []

    public init(title: String, comparison: RunComparison, version: String) {
        self.title = title
        self.comparison = comparison
        self.version = version
    }

    /// Limits for all runs of a page together: numbers in curves, bytes of samples and of logs. They keep it to a few
    /// megabytes.
    private static let room = (numbers: 2_400_000, samples: 700_000, logs: 300_000)

    /// - Parameter unreadable: is called with the error if a run's metrics cannot be read; the run then has no curves.
    public func page(unreadable: (any Error) -> Void) -> [UInt8] {
        ReportPage.html(title: title, data: json(unreadable: unreadable))
    }

    /// The data for the page's script.
    ///
    /// - Parameter unreadable: is called with the error if a run's metrics cannot be read; the run then has no curves.
    public func json(unreadable: (any Error) -> Void) -> JSONValue {
        let configurations = comparison.configurations
        var runs: [JSONValue] = []
        var places: [[Int]] = []
        var metrics: Set<String> = []
        let count = configurations.reduce(0) { $0 + $1.allRuns.count }
        for (index, configuration) in configurations.enumerated() {
            places.append(Array(runs.count..<(runs.count + configuration.allRuns.count)))
            for run in configuration.allRuns {
                runs.append(Self.json(run, configuration: index, of: count, metrics: &metrics, unreadable: unreadable))
            }
        }
        let metric = comparison.metric
        return .object([
            .init("title", .shown(title)), .init("made", .string(made.tableText)), .init("version", .string(version)),
            .init(
                "metric",
                .object([
                    .init("name", .shown(metric.name)), .init("unit", .shown(metric.unit)),
                    .init("moment", .string(metric.moment.rawValue)), .init("smaller", .bool(metric.isSmallerBetter)),
                ])),
            .init("metrics", .array(metrics.sorted().map { .string($0) })),
            .init("keys", .array(comparison.differingKeys.map { .shown($0) })),
            .init("swept", .array(swept.map { .shown($0) })), .init("common", common),
            .init("warnings", .array(comparison.warnings.map { .shown($0) })),
            .init("reference", comparison.reference.map { .integer($0) } ?? .null),
            .init("configurations", .array(configurations.indices.map { json($0, runs: places[$0]) })),
            .init("runs", .array(runs)), .init("notes", .array(allNotes.map { .shown($0) })),
        ])
    }

    private var allNotes: [String] {
        let left = comparison.duplicates.count
        let duplicates =
            left == 0 ? [] : ["\(left) duplicate \(left == 1 ? "run is" : "runs are") left out."]
        return duplicates + notes
    }

    /// Keys with the same value in all configurations.
    private var common: JSONValue {
        guard let first = comparison.configurations.first else { return .array([]) }
        let left = Set(comparison.differingKeys + ["seed", "name", "description"])
        let keys = first.configuration.keys.filter { !left.contains($0) && !$0.hasPrefix("tags") }.sorted()
        return .array(keys.map { .array([.shown($0), .shown(first.configuration[$0]!)]) })
    }

    private func json(_ index: Int, runs: [Int]) -> JSONValue {
        let configuration = comparison.configurations[index]
        var members: [JSONValue.Member] = [
            .init("label", .shown(configuration.label)), .init("runs", .array(runs.map { .integer($0) })),
            .init(
                "values",
                .array(comparison.differingKeys.map { configuration.configuration[$0].map { .shown($0) } ?? .null })),
            .init("figures", .array(configuration.values.map { .number($0) })),
            .init("counted", .integer(configuration.count)),
        ]
        members.append("mean", configuration.mean)
        members.append("half", configuration.halfWidth)
        members.append("floor", configuration.mean(\.figures.floorBitsPerByte))
        members.append("parameters", configuration.mean { $0.figures.parameters.map(Double.init) })
        members.append("tokensPerSecond", configuration.mean(\.figures.tokensPerSecond))
        members.append("seconds", configuration.mean(\.figures.seconds))
        if let difference = comparison.difference(of: index) {
            var found: [JSONValue.Member] = [
                .init("verdict", .string(difference.verdict.name)), .init("text", .shown(difference.verdict.text)),
            ]
            found.append("p", difference.adjustedProbability)
            members.append(.init("difference", .object(found)))
        }
        return .object(members)
    }

    private static func json(
        _ run: RunDigest, configuration: Int, of count: Int, metrics: inout Set<String>,
        unreadable: (any Error) -> Void
    ) -> JSONValue {
        let figures = run.figures
        var records: [MetricRecord] = []
        do { records = try run.folder.readMetrics() } catch { unreadable(error) }
        let curves = CurveTracks(
            metrics: records, timing: (try? run.folder.readTiming()) ?? [],
            room: room.numbers / max(1, count))
        for track in curves.tracks { metrics.formUnion(track.values.keys) }
        let texts = ReportTexts(
            run.folder, sampleBytes: min(65536, room.samples / max(1, count)),
            logBytes: min(16384, room.logs / max(1, count)))
        var members: [JSONValue.Member] = [
            .init("id", .shown(run.id)), .init("path", .shown(run.path)), .init("name", .shown(run.name)),
            .init("status", .string(run.status.rawValue)), .init("seed", .string(String(run.seed))),
            .init("created", .string(run.created.tableText)), .init("configuration", .integer(configuration)),
            .init("final", .values(figures.final)), .init("best", .values(figures.best)),
        ]
        members.append("bestStep", figures.bestStep.map(Double.init))
        members.append("steps", figures.finalStep.map(Double.init))
        members.append("gap", figures.gapToTraining)
        members.append("floor", figures.floorBitsPerByte)
        members.append("accepted", figures.acceptedShare)
        members.append("parameters", figures.parameters.map(Double.init))
        members.append("tokensPerSecond", figures.tokensPerSecond)
        members.append("seconds", figures.seconds)
        if let verdict = figures.verdict { members.append(.init("verdict", .string(verdict.rawValue))) }
        if let text = (try? run.folder.readSummary())?.verdict.text {
            members.append(.init("verdictText", .shown(text)))
        }
        if let failure = run.failure { members.append(.init("failure", .shown(failure))) }
        if !texts.log.isEmpty { members.append(.init("log", .string(texts.log))) }
        members.append(
            .init(
                "samples",
                .array(texts.samples.map { .array([.integer($0.step ?? -1), .string($0.text), .bool($0.isCut)]) })))
        members.append(.init("tracks", curves.json))
        return .object(members)
    }
}

extension JSONValue {
    /// Replaces control and bidirectional characters.
    fileprivate static func shown(_ text: String) -> JSONValue { .string(TextWidth.printable(text)) }

    fileprivate static func values(_ values: [String: Double]) -> JSONValue {
        .object(values.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })
    }
}

extension [JSONValue.Member] {
    /// Omits nil; whole numbers have no fraction.
    fileprivate mutating func append(_ key: String, _ value: Double?) {
        guard let value else { return }
        append(.init(key, Int(exactly: value).map { .integer($0) } ?? .number(value)))
    }
}
