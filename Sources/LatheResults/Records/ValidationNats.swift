public import LatheSystem

/// `validation_nats.bin`: nats by segment of the validation text.
///
/// The text is cut into segments of equal length in bytes, except for a shorter last one; a token belongs to the
/// segment of its first byte. Two runs on the same text can thus be compared segment by segment, whatever their
/// tokenizers, contexts and batch sizes.
///
/// The file, little-endian: magic "LATHENAT", u32 version 1, u32 segment length, u32 segments S, u32 evaluations E; S
/// times u32 bytes of a segment; E times (i64 step, S times f64 nats). Evaluations are in step order.
public struct ValidationNats: Sendable, Equatable {
    /// In bytes; the last segment may be shorter.
    public var segmentLength: Int
    public var segmentBytes: [UInt32]
    /// In step order.
    public private(set) var evaluations: [Evaluation]

    public struct Evaluation: Sendable, Equatable {
        public var step: Int
        /// For each segment, the sum over its tokens of −ln p.
        public var nats: [Double]
    }

    public init(segmentLength: Int, segmentBytes: [UInt32]) {
        precondition(segmentLength > 0 && segmentLength <= UInt32.max)
        self.segmentLength = segmentLength
        self.segmentBytes = segmentBytes
        evaluations = []
    }

    public var totalBytes: Int { segmentBytes.reduce(0) { $0 + Int($1) } }

    /// The nats of every segment; nil if the step was not evaluated or not kept.
    public subscript(step step: Int) -> [Double]? {
        evaluations.first { $0.step == step }?.nats
    }

    /// Adds an evaluation, replacing one of the same step.
    ///
    /// - Precondition: one number per segment.
    public mutating func record(step: Int, nats: [Double]) {
        precondition(nats.count == segmentBytes.count, "\(nats.count) nats for \(segmentBytes.count) segments")
        evaluations.removeAll { $0.step == step }
        let position = evaluations.firstIndex { $0.step > step } ?? evaluations.count
        evaluations.insert(Evaluation(step: step, nats: nats), at: position)
    }

    /// Drops the evaluations past a step, when a run resumes.
    public mutating func truncate(pastStep step: Int) {
        evaluations.removeAll { $0.step > step }
    }

    /// Keeps only the evaluations of these steps, such as the best and the last, so that the file stays small.
    public mutating func keep(steps: Set<Int>) {
        evaluations.removeAll { !steps.contains($0.step) }
    }

    public func write(to path: String) throws(FileError) {
        var bytes = Array(Self.magic)
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(UInt32(1))
        append(UInt32(segmentLength))
        append(UInt32(segmentBytes.count))
        append(UInt32(evaluations.count))
        for count in segmentBytes { append(count) }
        for evaluation in evaluations {
            append(Int64(evaluation.step))
            for value in evaluation.nats { append(value.bitPattern) }
        }
        try DurableFile.write(bytes, to: path)
    }

    /// - Throws: ``FileError``, or ``RecordError`` if magic, version or size are wrong.
    public static func read(from path: String) throws -> ValidationNats {
        let bytes = try DurableFile.read(path)
        guard bytes.count >= headerSize, bytes.starts(with: magic) else {
            throw RecordError(path: path, problem: "not a validation nats file (it does not begin with LATHENAT)")
        }
        func value<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) -> Number {
            bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
        }
        let version = value(UInt32.self, at: 8)
        guard version == 1 else {
            throw RecordError(path: path, problem: "format version \(version); this version of Lathe reads version 1")
        }
        let length = Int(value(UInt32.self, at: 12))
        let segments = Int(value(UInt32.self, at: 16))
        let count = Int(value(UInt32.self, at: 20))
        let stride = 8 + 8 * segments
        let (evaluationBytes, overflow) = stride.multipliedReportingOverflow(by: count)
        let start = headerSize + 4 * segments
        guard length > 0, !overflow, evaluationBytes == bytes.count - start else {
            throw RecordError(
                path: path, problem: "\(bytes.count) bytes do not match \(segments) segments and \(count) evaluations")
        }
        var result = ValidationNats(
            segmentLength: length,
            segmentBytes: (0..<segments).map { value(UInt32.self, at: headerSize + 4 * $0) })
        result.evaluations = (0..<count).map { index in
            let offset = start + index * stride
            return Evaluation(
                step: Int(value(Int64.self, at: offset)),
                nats: (0..<segments).map { Double(bitPattern: value(UInt64.self, at: offset + 8 + 8 * $0)) })
        }
        guard zip(result.evaluations, result.evaluations.dropFirst()).allSatisfy({ $0.step < $1.step }) else {
            throw RecordError(path: path, problem: "evaluation steps are not ascending")
        }
        return result
    }

    private static let magic = "LATHENAT".utf8
    private static let headerSize = 24
}
