public import LatheComponents
public import LatheSystem

/// A split of the text, as tokens.
public struct PreparedSplit: Sendable {
    /// `train`, `validation` or `test`.
    public let name: String
    /// Memory-mapped.
    public let tokens: TokenSequence
    /// Position in the cleaned text; for ready-made tokens, in the text they stand for.
    public let byteRange: Range<Int>
    /// Unicode scalars.
    public let characters: Int
    /// The segments that are scored: the whole of a validation or test split; of the training split, as many bytes from
    /// its start as the validation split has, or all of it.
    public let segments: SegmentTable
    /// Bytes of the first token, which is not predicted because it has no context.
    public let firstTokenBytes: Int

    public var bytes: Int { byteRange.count }

    /// - Parameter use: what needs the tokens, such as `a batch of 4 rows of 32 tokens`.
    /// - Throws: ``DataError`` if the split has fewer than `needed` tokens.
    public func check(needed: Int, for use: String) throws(DataError) {
        guard tokens.count < needed else { return }
        throw DataError(
            "data",
            "the \(name) split has \(tokens.count) tokens (\(bytes) bytes), and \(use) needs \(needed); "
                + "use more text, a larger share for "
                + "\(name) in data.split, or a smaller training.context or training.batch_size")
    }
}

/// Text ready to train on.
public struct PreparedData: Sendable {
    public let train: PreparedSplit
    public let validation: PreparedSplit
    /// nil unless the split config asks for one.
    public let test: PreparedSplit?
    /// Fitted on the training split only.
    public let vocabulary: any Vocabulary
    /// The cleaned text of all splits, memory-mapped UTF-8; nil if the source holds tokens.
    public let text: MappedFile?
    /// Where each document of the cleaned text ends, in bytes; nil without text.
    public let documentEnds: DocumentEnds?
    /// The SHA-256 of the cleaned text; for ready-made tokens, of their files' hashes.
    public let dataHash: String
    public let tokenizerHash: String
    public let card: DataCard
    /// The folder of the token files and the data card.
    public let folder: String
    /// The entropy of the training split's bytes, in bits per byte.
    public let trainingByteEntropy: Double
    /// Bits per byte of the validation split under the training split's byte counts with add-one smoothing: the
    /// baseline.
    public let validationByteEntropy: Double
    /// The language that generated the source's text, if known, even if cleaning changed the text.
    public let language: (any KnownLanguage)?
    /// Whether everything came from the cache.
    public let isReused: Bool
    /// Wall-clock seconds that the preparation took.
    public let seconds: Double

    public var cleaningChanges: [CleaningChange] { card.cleaning }
    public var bytes: Int { splits.reduce(0) { $0 + $1.bytes } }
    public var splits: [PreparedSplit] { [train, validation] + (test.map { [$0] } ?? []) }

    /// Why ``SegmentTable/knownNats`` of the validation split is nil; nil if it is not.
    public var floorUnknownReason: String? {
        guard validation.segments.knownNats == nil else { return nil }
        return language == nil
            ? "the source's probabilities are unknown"
            : "cleaning changed the text, so it no longer follows its grammar"
    }
}
