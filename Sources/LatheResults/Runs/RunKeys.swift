import LatheSystem

public enum RunValue: Sendable, Equatable {
    case number(Double)
    /// Anything else, including whole numbers that a double cannot represent.
    case text(String)

    /// Parses a spec's text as a number if possible.
    init(spec text: String) { self = Double(text).map { .number($0) } ?? .text(text) }

    init(_ value: UInt64) { self = Double(exactly: value).map { .number($0) } ?? .text(String(value)) }

    public var number: Double? { if case .number(let value) = self { value } else { nil } }

    /// Numbers come first, by size, then nan, then text.
    public static func precedes(_ left: RunValue, _ right: RunValue) -> Bool {
        switch (left, right) {
        case (.number(let a), .number(let b)): a < b || (!a.isNaN && b.isNaN)
        case (.text(let a), .text(let b)): a < b
        case (.number, .text): true
        case (.text, .number): false
        }
    }
}

/// The keys by which runs are filtered, sorted and shown: properties and results of a run, its metrics at the last
/// validation, and every dotted key of its resolved spec.
public enum RunKeys {
    private static let own: [(name: String, read: @Sendable (RunDigest) -> RunValue?)] = [
        ("id", { .text($0.id) }), ("run", { .text($0.id) }), ("name", { .text($0.name) }),
        ("experiment", { .text($0.name) }), ("status", { .text($0.status.rawValue) }), ("seed", { RunValue($0.seed) }),
        ("created", { .text($0.created.description) }), ("ended", { $0.ended.map { .text($0.description) } }),
        ("identity", { .text($0.identity) }), ("path", { .text($0.path) }),
        ("failure", { $0.failure.map { .text($0) } }), ("parent", { $0.parent.map { .text("\($0.run)@\($0.step)") } }),
        ("steps", { number($0.figures.finalStep) }), ("best_step", { number($0.figures.bestStep) }),
        ("tokens", { number($0.figures.tokens) }),
        ("best_bits_per_byte", { number($0.figures.best[MetricName.validationBitsPerByte]) }),
        ("final_bits_per_byte", { number($0.figures.final[MetricName.validationBitsPerByte]) }),
        ("floor_bits_per_byte", { number($0.figures.floorBitsPerByte) }),
        ("best_loss", { number($0.figures.best[MetricName.validationLoss]) }),
        ("final_loss", { number($0.figures.final[MetricName.validationLoss]) }),
        ("gap_to_training", { number($0.figures.gapToTraining) }),
        ("verdict", { $0.figures.verdict.map { .text($0.rawValue) } }),
        ("accepted_share", { number($0.figures.acceptedShare) }), ("parameters", { number($0.figures.parameters) }),
        ("flops_per_token", { number($0.figures.flopsPerToken) }),
        ("bytes_per_token", { number($0.figures.bytesPerToken) }),
        ("tokens_per_second", { number($0.figures.tokensPerSecond) }), ("seconds", { number($0.figures.seconds) }),
        ("peak_rss_mb", { number($0.figures.peakMegabytes) }),
    ]

    /// Keys that exist for every run, although the value may be missing.
    public static let common: [String] = own.map(\.name)

    /// Every key that at least one of the runs has.
    public static func known(in runs: [RunDigest]) -> [String] {
        var keys: Set<String> = []
        for run in runs {
            keys.formUnion(run.figures.final.keys)
            keys.formUnion(run.configuration.keys)
        }
        return common + keys.subtracting(common).sorted()
    }

    /// Nil if the run has no value.
    public static func value(_ key: String, of run: RunDigest) -> RunValue? {
        if let own = readers[key] { return own(run) }
        if let metric = run.figures.final[key] { return .number(metric) }
        return run.configuration[key].map { RunValue(spec: $0) }
    }

    /// - Throws: ``UnknownRunKey`` if none of the runs has the key.
    public static func check(_ key: String, in runs: [RunDigest]) throws(UnknownRunKey) {
        guard readers[key] == nil,
            !runs.contains(where: { $0.configuration[key] != nil || $0.figures.final[key] != nil })
        else { return }
        throw UnknownRunKey(key: key, known: known(in: runs))
    }

    /// Sorts by the value of a key, stably; elements without one come last in either direction.
    public static func sorted<Element>(
        _ elements: [Element], isDescending: Bool, value: (Element) -> RunValue?
    ) -> [Element] {
        let keyed = elements.map { ($0, value($0)) }.enumerated()
        return keyed.sorted { left, right in
            switch (left.element.1, right.element.1) {
            case (let a?, let b?) where isDescending ? RunValue.precedes(b, a) : RunValue.precedes(a, b): true
            case (let a?, let b?) where isDescending ? RunValue.precedes(a, b) : RunValue.precedes(b, a): false
            case (_?, nil): true
            case (nil, _?): false
            default: left.offset < right.offset
            }
        }.map(\.element.0)
    }

    private static let readers = Dictionary(uniqueKeysWithValues: own.map { ($0.name, $0.read) })

    private static func number(_ value: Double?) -> RunValue? { value.map { .number($0) } }
    private static func number(_ value: Int?) -> RunValue? { value.map { .number(Double($0)) } }
}

public struct UnknownRunKey: Error, Sendable, Equatable {
    public var key: String
    public var known: [String]
}
