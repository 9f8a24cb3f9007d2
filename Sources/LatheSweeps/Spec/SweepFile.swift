import LatheComponents
import LatheResults
public import LatheSpec

extension SweepDefinition {
    /// - Parameter overrides: changes to the sweep itself, such as `launcher.workers=2`.
    /// - Throws: `Diagnostics` with every problem in the file itself; trials are checked by ``SweepExpansion``.
    public init(file path: String, overrides: [String] = [], lookup: any ComponentLookup) throws(Diagnostics) {
        let loaded = SpecLoader(SweepSpec.self, lookup: lookup, title: "the sweep").load(path, overrides: overrides)
        guard let spec = loaded.spec else {
            guard let file = loaded.files.first, SpecKind(file) == .experiment else { throw loaded.problems }
            let message = "this is an experiment, not a sweep; 'lathe run \(path)' trains it"
            throw Diagnostics([
                Diagnostic(message, at: .whole(file), note: "a sweep names it as its 'base'")
            ])
        }
        var reader = SweepReader()
        set = reader.changes(spec.set.node, "set")
        variants = reader.variants(spec.variants.node)
        parameters = reader.parameters(spec.parameters.node)
        exclusions = reader.exclusions(spec.exclude.node)
        reader.checkAxes(set, variants, parameters, exclusions)
        if spec.base.written.isEmpty { reader.problem("'base' is empty", at: spec.$base.mark) }
        let metric = spec.objective.metric
        if !MetricName.all.contains(metric) {
            reader.problem(
                "unknown metric '\(metric)'"
                    + (nearest(to: metric, in: MetricName.all).map { "; did you mean '\($0)'?" } ?? ""),
                at: spec.objective.$metric.mark, note: "known: " + MetricName.all.joined(separator: ", "))
        }
        guard reader.problems.isEmpty else { throw Diagnostics(loaded.problems.list + reader.problems) }
        name = spec.name.isEmpty ? Self.stem(path) : spec.name
        base = Self.relative(spec.base)
        baseMark = spec.$base.mark
        repeats = spec.repeat
        objective = spec.objective
        strategy = spec.strategy
        launcher = spec.launcher
        text = loaded.files.first?.text ?? ""
    }

    /// The base as shown in messages: relative to the current directory if the sweep's path was.
    private static func relative(_ path: SpecPath) -> String {
        guard !path.written.hasPrefix("/"), let folder = path.mark?.source.directory, !folder.isEmpty else {
            return path.written
        }
        var parts = folder.split(separator: "/", omittingEmptySubsequences: false)
        for part in path.written.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, !["", ".", ".."].contains(last) {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        let short = parts.joined(separator: "/")
        // After a symbolic link, '..' may lead to another folder than the path suggests.
        return SpecPath(short).resolved == path.resolved ? short : path.resolved
    }

    static func stem(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? "sweep"
        return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
}

/// Reads the parts of a sweep whose keys belong to the experiment.
struct SweepReader {
    private(set) var problems: [Diagnostic] = []

    mutating func problem(_ message: String, at mark: Mark?, note: String? = nil) {
        problems.append(Diagnostic(message, at: mark, note: note))
    }

    /// The entries of a mapping; empty if nothing was written.
    private mutating func entries(_ node: Node?, _ what: String, _ expected: String) -> [Node.Entry] {
        guard let node, !node.isNull else { return [] }
        if let entries = node.entries { return entries }
        problem("'\(what)': found \(node.summary), expected \(expected)", at: node.mark)
        return []
    }

    private mutating func override(_ entry: Node.Entry) -> Override? {
        do throws(Diagnostics) { return try Override(entry.key, to: entry.value, mark: entry.keyMark) } catch {
            problems += error.list
            return nil
        }
    }

    mutating func changes(_ node: Node?, _ what: String) -> [Override] {
        entries(node, what, "a mapping from dotted keys to values").compactMap { override($0) }
    }

    mutating func variants(_ node: Node?) -> [SweepDefinition.Variant] {
        let entries = entries(node, "variants", "a mapping from names to changes")
        if node?.entries?.isEmpty == true { problem("'variants' is empty", at: node?.mark) }
        return entries.map { entry in
            .init(name: entry.key, mark: entry.keyMark, changes: changes(entry.value, "variants.\(entry.key)"))
        }
    }

    mutating func parameters(_ node: Node?) -> [SweepDefinition.Parameter] {
        entries(node, "parameters", "a mapping from dotted keys to values").compactMap { entry in
            _ = override(entry)
            if let items = entry.value.items {
                guard items.isEmpty else { return .init(key: entry.key, mark: entry.keyMark, values: .list(items)) }
                problem("parameter '\(entry.key)' has no values", at: entry.value.mark)
                return nil
            }
            guard entry.value.entries != nil else {
                problem(
                    "parameter '\(entry.key)': found \(entry.value.summary), expected a list or a range",
                    at: entry.value.mark,
                    note: "write [a, b], or {from: 1e-4, to: 1e-2, scale: log, count: 3}; "
                        + "a single value for all trials belongs in 'set'"
                )
                return nil
            }
            return range(entry).map { .init(key: entry.key, mark: entry.keyMark, values: .range($0)) }
        }
    }

    private mutating func range(_ entry: Node.Entry) -> ParameterRange? {
        let read = RangeConfig.read(
            entry.value, lookup: NoComponents(), title: "the range of '\(entry.key)'")
        problems += read.problems
        guard let range = read.value else { return nil }
        return ParameterRange(
            from: range.from, to: range.to, scale: range.scale, count: range.count, mark: entry.value.mark)
    }

    mutating func exclusions(_ node: Node?) -> [SweepDefinition.Exclusion] {
        guard let node, !node.isNull else { return [] }
        guard let items = node.items else {
            problem("'exclude': found \(node.summary), expected a list of {variant: ..., key: value}", at: node.mark)
            return []
        }
        return items.map { item in
            let entries = entries(item, "exclude", "a mapping from axes to values")
            if entries.isEmpty, item.entries != nil || item.isNull {
                problem("an empty exclusion would exclude every cell", at: item.mark)
            }
            return .init(
                mark: item.mark,
                values: entries.map { ($0.key, $0.keyMark, $0.value.items ?? [$0.value]) })
        }
    }

    /// Reports keys set in two places, and exclusions on unknown axes.
    mutating func checkAxes(
        _ set: [Override], _ variants: [SweepDefinition.Variant], _ parameters: [SweepDefinition.Parameter],
        _ exclusions: [SweepDefinition.Exclusion]
    ) {
        for parameter in parameters {
            if set.contains(where: { $0.key == parameter.key }) {
                problem("'\(parameter.key)' is both in 'set' and in 'parameters'", at: parameter.mark)
            }
            for variant in variants where variant.changes.contains(where: { $0.key == parameter.key }) {
                problem(
                    "'\(parameter.key)' is both a parameter and set by variant '\(variant.name)', "
                        + "which it would override",
                    at: parameter.mark)
            }
        }
        let axes = (variants.isEmpty ? [] : ["variant"]) + parameters.map(\.key)
        for exclusion in exclusions {
            for value in exclusion.values {
                guard axes.contains(value.axis) else {
                    let near = nearest(to: value.axis, in: axes).map { "; did you mean '\($0)'?" } ?? ""
                    problem(
                        "'\(value.axis)' is not an axis of this sweep\(near)", at: value.mark,
                        note: "its axes are \(axes.joined(separator: ", "))")
                    continue
                }
                checkValues(value, variants, parameters)
            }
        }
    }

    /// Reports excluded values that no cell has, which are probably typos.
    private mutating func checkValues(
        _ value: (axis: String, mark: Mark?, anyOf: [Node]), _ variants: [SweepDefinition.Variant],
        _ parameters: [SweepDefinition.Parameter]
    ) {
        let known: [Node]
        if value.axis == "variant" {
            known = variants.map { .string($0.name) }
        } else if case .list(let values)? = parameters.first(where: { $0.key == value.axis })?.values {
            known = values
        } else {
            return
        }
        for node in value.anyOf where !known.contains(where: { $0.matches(node) }) {
            problem(
                "no cell has \(value.axis) \(node.inline)", at: node.mark,
                note: "its values are \(known.map(\.inline).joined(separator: ", "))")
        }
    }
}

extension ParameterRange {
    static var listOrRange: Schema {
        .oneOf([
            .list(of: .anything, count: Limits(lower: "1"), orSingle: false), .group(fields(of: RangeConfig.self)),
        ])
    }

    /// The keys of a range, for descriptions.
    public static var section: SpecSection {
        SpecSection("range", "A range of values for a parameter.", fields(of: RangeConfig.self))
    }
}

/// `{from: 0.01, to: 1.0, scale: log, count: 3}`
struct RangeConfig: ComponentConfig {
    @Field("The lower end.") var from: Double
    @Field("The upper end.") var to: Double
    @Field("Whether values are spaced linearly or logarithmically.") var scale = ParameterRange.Scale.linear
    @Field("Number of values; if omitted, random and asha sample the range.", in: 2...100_000) var count: Int?

    init() {}

    func check(_ problems: inout Problems) {
        if from >= to { problems.error("the range is empty: from \(from) to \(to)", at: $to.mark, $from.mark) }
        if scale == .log, from <= 0 { problems.error("a log range must start above 0; found \(from)", at: $from.mark) }
    }
}
