import LatheSystem

public enum TimingPhase: String, Codable, Sendable, Hashable, CaseIterable {
    case train
    case validation
    case checkpoint
    case sample
}

/// One line of `timing.jsonl`: `{"step":…,"phase":"…","seconds":…,"tokens_per_second":…}`.
public struct TimingRecord: Sendable, Equatable {
    public var step: Int
    public var phase: TimingPhase
    public var seconds: Double
    /// Since the previous line of this phase; nil if no tokens were processed.
    public var tokensPerSecond: Double?

    public init(step: Int, phase: TimingPhase, seconds: Double, tokensPerSecond: Double? = nil) {
        self.step = step
        self.phase = phase
        self.seconds = seconds
        self.tokensPerSecond = tokensPerSecond
    }

    /// Without a line feed.
    public var line: String {
        JSONValue.object([
            .init("step", .integer(step)), .init("phase", .string(phase.rawValue)), .init("seconds", .number(seconds)),
            .init("tokens_per_second", tokensPerSecond.map { .number($0) } ?? .null),
        ]).text()
    }

    init(line: ArraySlice<UInt8>) throws(RecordProblem) {
        let object = try RecordProblem.object(line)
        step = try RecordProblem.integer("step", in: object)
        guard let text = object["phase"]?.string, let phase = TimingPhase(rawValue: text) else {
            throw RecordProblem("'phase' is not one of \(TimingPhase.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.phase = phase
        guard let seconds = object["seconds"]?.double else { throw RecordProblem("'seconds' is not a number") }
        self.seconds = seconds
        tokensPerSecond = object["tokens_per_second"]?.double
    }

    /// Reads a `timing.jsonl`; a torn last line is dropped, a missing file has no records.
    ///
    /// - Throws: ``FileError``, or ``RecordError`` with the line number.
    public static func read(from path: String) throws -> [TimingRecord] {
        try RecordLines.read(path) { line throws(RecordProblem) in try TimingRecord(line: line) }
    }
}
