/// Which part of the data a measurement was made on.
public enum MetricSplit: String, Codable, Sendable, Hashable, CaseIterable {
    /// The part that is trained on.
    case train
    /// The part that is only measured on.
    case validation
}

/// The names of the metrics that a run has.
public enum MetricName {
    /// Nats a token on the training split.
    public static let trainLoss = "train/loss"
    /// Nats a token on the training split, measured like validation.
    public static let trainEvaluatedLoss = "train/evaluated_loss"
    /// Bits a byte on the training split, measured like validation, where the run measures it.
    public static let trainBitsPerByte = "train/bits_per_byte"
    /// Nats a token on the validation split.
    public static let validationLoss = "validation/loss"
    /// exp(validation/loss).
    public static let validationPerplexity = "validation/perplexity"
    /// The code length of the validation text in bits a byte: comparable across tokenizers.
    public static let validationBitsPerByte = "validation/bits_per_byte"
    /// The optimizer's rate at this step.
    public static let learningRate = "learning_rate"
    /// Euclidean norm of the whole gradient before clipping.
    public static let gradientNorm = "gradient_norm"

    /// All of them.
    public static let all = [
        validationBitsPerByte, validationLoss, validationPerplexity, trainLoss, trainEvaluatedLoss, trainBitsPerByte,
        learningRate, gradientNorm,
    ]
}

/// One line of `metrics.jsonl`: what was measured after a step. There is no clock in it, so equal runs write equal bytes.
///
/// A line is `{"step":…,"tokens":…,"split":"…","values":{…}}`, values sorted by name, doubles in the shortest form that reads back the
/// same. JSON has no form for numbers that are not finite: they are the strings "nan", "inf" and "-inf".
public struct MetricRecord: Sendable, Equatable {
    /// Completed steps: 0 is the freshly initialised model.
    public var step: Int
    /// Training tokens seen so far.
    public var tokens: Int
    /// What was measured on.
    public var split: MetricSplit
    /// Values by metric name.
    public var values: [String: Double]

    /// A measurement.
    public init(step: Int, tokens: Int, split: MetricSplit, values: [String: Double]) {
        self.step = step
        self.tokens = tokens
        self.split = split
        self.values = values
    }

    /// The line, without a line feed.
    public var line: String {
        let values = values.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .number($0.value)) }
        return JSONValue.object([
            .init("step", .integer(step)), .init("tokens", .integer(tokens)), .init("split", .string(split.rawValue)),
            .init("values", .object(values)),
        ]).text()
    }

    /// Reads a line.
    ///
    /// - Throws: ``RecordProblem`` with what is wrong.
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

    /// The measurements in a `metrics.jsonl`, in their order; a torn last line is dropped, a missing file has none.
    ///
    /// - Throws: ``FileError``, or ``RecordError`` that names the line.
    public static func read(from path: String) throws -> [MetricRecord] {
        try RecordLines.read(path) { line throws(RecordProblem) in try MetricRecord(line: line) }
    }
}
