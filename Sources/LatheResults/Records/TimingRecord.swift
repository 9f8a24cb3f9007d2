/// What a run spent time on.
public enum TimingPhase: String, Codable, Sendable, Hashable, CaseIterable {
    /// Training steps.
    case train
    /// A validation.
    case validation
    /// Writing a checkpoint.
    case checkpoint
    /// Generating sample text.
    case sample
}

/// One line of `timing.jsonl`, the run's clock: `{"step":…,"phase":"…","seconds":…,"tokens_per_second":…}`.
public struct TimingRecord: Sendable, Equatable {
    /// Completed steps.
    public var step: Int
    /// What the time was spent on.
    public var phase: TimingPhase
    /// Seconds that it took.
    public var seconds: Double
    /// Tokens a second since the previous line of this phase; nil where none were processed.
    public var tokensPerSecond: Double?

    /// A piece of work.
    public init(step: Int, phase: TimingPhase, seconds: Double, tokensPerSecond: Double? = nil) {
        self.step = step
        self.phase = phase
        self.seconds = seconds
        self.tokensPerSecond = tokensPerSecond
    }

    /// The line, without a line feed.
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

    /// The lines of a `timing.jsonl`; a torn last line is dropped, a missing file has none.
    ///
    /// - Throws: ``FileError``, or ``RecordError`` that names the line.
    public static func read(from path: String) throws -> [TimingRecord] {
        try RecordLines.read(path) { line throws(RecordProblem) in try TimingRecord(line: line) }
    }
}
