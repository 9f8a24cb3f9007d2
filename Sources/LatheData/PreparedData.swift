public import LatheComponents

/// A split of a text, as tokens.
public struct PreparedSplit: Sendable {
    /// `train`, `validation` or `test`.
    public let name: String
    /// Its tokens, memory-mapped.
    public let tokens: TokenSequence
    /// Where it lies in the cleaned text, or would if its tokens were text.
    public let byteRange: Range<Int>
    /// Its Unicode scalars.
    public let characters: Int
    /// The segments in which it is scored: all of a validation or test split, and as many bytes from the start of the training split as the
    /// validation split has (or all of it).
    public let segments: SegmentTable
    /// The bytes of its first token, which no context precedes.
    public let firstTokenBytes: Int

    /// Its bytes.
    public var bytes: Int { byteRange.count }

    /// An error that says that the split is too short, where it has fewer than `needed` tokens.
    ///
    /// - Parameter use: what needs them: `a batch of 4 rows of 32 tokens`.
    public func check(needed: Int, for use: String) throws(DataError) {
        guard tokens.count < needed else { return }
        throw DataError(
            "data",
            "the \(name) split has \(tokens.count) tokens (\(bytes) bytes), and \(use) needs \(needed); use more text, a larger share for "
                + "\(name) in data.split, or a smaller training.context or training.batch_size")
    }
}

/// Text ready to train on.
public struct PreparedData: Sendable {
    /// The split that is trained on.
    public let train: PreparedSplit
    /// The split that tells how good a model is.
    public let validation: PreparedSplit
    /// A split for the end, where one was asked for.
    public let test: PreparedSplit?
    /// The tokenizer, fitted on the training split.
    public let vocabulary: any Vocabulary
    /// The cleaned text of all splits, memory-mapped UTF-8; nil where the source holds tokens.
    public let text: MappedFile?
    /// Where each document of the cleaned text ends, in bytes; nil where there is no text.
    public let documentEnds: DocumentEnds?
    /// The SHA-256 of the cleaned text, or of what the hashes of ready-made token files are.
    public let dataHash: String
    /// The SHA-256 of the fitted tokenizer.
    public let tokenizerHash: String
    /// What is to be known of the data.
    public let card: DataCard
    /// The folder of the token files; the data card lies beside them.
    public let folder: String
    /// The entropy of the training split's bytes, in bits a byte.
    public let trainingByteEntropy: Double
    /// What the validation split costs under the training split's byte counts (each raised by one), in bits a byte: the mark to start from.
    public let validationByteEntropy: Double
    /// The language that made the text, where it is known, whatever cleaning did.
    public let language: (any KnownLanguage)?
    /// Whether everything was in the cache.
    public let isReused: Bool
    /// How long the preparation took, in seconds.
    public let seconds: Double

    /// What the cleaning steps changed.
    public var cleaningChanges: [CleaningChange] { card.cleaning }
    /// The bytes of all splits.
    public var bytes: Int { splits.reduce(0) { $0 + $1.bytes } }

    /// All splits, in order.
    public var splits: [PreparedSplit] { [train, validation] + (test.map { [$0] } ?? []) }

    /// Why the floor of the validation split is unknown, where ``SegmentTable/knownNats`` is nil.
    public var floorUnknownReason: String? {
        guard validation.segments.knownNats == nil else { return nil }
        return language == nil
            ? "the source's probabilities are unknown"
            : "cleaning changed the text, so it is no longer that of its grammar"
    }
}
