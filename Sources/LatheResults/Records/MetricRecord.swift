import LatheSystem

public enum MetricSplit: String, Codable, Sendable, Hashable, CaseIterable {
    case train
    /// Held out; never trained on.
    case validation
}

public enum MetricName {
    /// Nats per token on the training split.
    public static let trainLoss = "train/loss"
    /// Nats per token on the training split, measured like validation.
    public static let trainEvaluatedLoss = "train/evaluated_loss"
    /// Bits per byte on the training split, measured like validation, if the run measures it.
    public static let trainBitsPerByte = "train/bits_per_byte"
    /// Nats per token on the validation split.
    public static let validationLoss = "validation/loss"
    /// exp(validation/loss).
    public static let validationPerplexity = "validation/perplexity"
    /// The code length of the validation text in bits per byte: comparable across tokenizers.
    public static let validationBitsPerByte = "validation/bits_per_byte"
    public static let learningRate = "learning_rate"
    /// L2 norm of the whole gradient before clipping.
    public static let gradientNorm = "gradient_norm"

    public static let all = [
        validationBitsPerByte, validationLoss, validationPerplexity, trainLoss, trainEvaluatedLoss, trainBitsPerByte,
        learningRate, gradientNorm,
    ]
}

/// One line of `metrics.jsonl`: what was measured after a step. It contains no times, so identical runs write identical
/// bytes.
///
/// A line is `{"step":…,"tokens":…,"split":"…","values":{…}}`, with values sorted by name and doubles in the shortest
/// form that reads back the same. Numbers that are not finite are the strings "nan", "inf" and "-inf".
public struct MetricRecord: Sendable, Equatable {
    /// Completed steps: 0 is the freshly initialized model.
    public var step: Int
    /// Training tokens seen so far.
    public var tokens: Int
    public var split: MetricSplit
    public var values: [String: Double]

    public init(step: Int, tokens: Int, split: MetricSplit, values: [String: Double]) {
        self.step = step
        self.tokens = tokens
        self.split = split
        self.values = values
    }

    /// Without a line feed.
    public var line: String {
        let values = values.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .number($0.value)) }
        return JSONValue.object([
            .init("step", .integer(step)), .init("tokens", .integer(tokens)), .init("split", .string(split.rawValue)),
            .init("values", .object(values)),
        ]).text()
    }

    init(line: ArraySlice<UInt8>) throws(RecordProblem) {
        let object = try RecordProblem.object(line)
        step = try RecordProblem.integer("step", in: object)
        tokens = try RecordProblem.integer("tokens", in: object)
        guard let text = object["split"]?.string, let split = MetricSplit(rawValue: text) else {
            throw RecordProblem("'split' is not one of train, validation")
        }
        self.split = split
        guard let members = object["values"]?.members else { throw RecordProblem("'values' is not an object") }
        values = [:]
        for member in members {
            guard let number = member.value.double else { throw RecordProblem("value '\(member.key)' is not a number") }
            values[member.key] = number
        }
    }

    /// Reads a `metrics.jsonl`; a torn last line is dropped, a missing file has no records.
    ///
    /// - Throws: ``FileError``, or ``RecordError`` with the line number.
    public static func read(from path: String) throws -> [MetricRecord] {
        try RecordLines.read(path) { line throws(RecordProblem) in try MetricRecord(line: line) }
    }
}
