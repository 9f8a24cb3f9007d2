public import LatheComponents
public import LatheData
import LatheSpec

/// The prepared text of a run, as training sees it.
public struct RunData: Sendable {
    /// The fitted tokenizer.
    public let vocabulary: any Vocabulary
    /// The training split.
    public let training: TokenSequence
    /// What is scored at validations: the validation split, or its first bytes.
    public let validation: ScoredText
    /// As many bytes of the training split, scored the same way.
    public let trainingSample: ScoredText
    /// The test split, where there is one.
    public let test: ScoredText?
    /// The tokens of all splits.
    public let tokenCount: Int
    /// The language that made the text, where it is known.
    public let language: (any KnownLanguage)?
    /// What the validation split costs under the training split's byte counts, in bits a byte: what a model that knows nothing but how often each
    /// byte occurs would reach.
    public let unigramBitsPerByte: Double
    /// Bytes of text that a token of the training split stands for, on average.
    public let trainingBytesPerToken: Double
    /// What the text and its split hash to.
    public let dataHash: String
    /// What the scored validation text hashes to.
    public let validationHash: String
    /// What the fitted tokenizer hashes to.
    public let tokenizerHash: String

    /// The text of an experiment.
    public init(_ prepared: PreparedData, spec: ExperimentSpec) {
        var scope: Int?
        if case .group(let group) = spec.validation.scope { scope = group.bytes }
        let vocabulary = prepared.vocabulary
        self.vocabulary = vocabulary
        training = prepared.train.tokens
        trainingBytesPerToken = Double(prepared.train.byteRange.count) / Double(max(1, prepared.train.tokens.count))
        let validation = ScoredText(prepared.validation, bytes: scope, lossReason: vocabulary.lossReason)
        self.validation = validation
        trainingSample = ScoredText(
            prepared.train, bytes: validation.segments.bytes, lossReason: vocabulary.lossReason)
        test = prepared.test.map { ScoredText($0, lossReason: vocabulary.lossReason) }
        tokenCount = prepared.splits.reduce(0) { $0 + $1.tokens.count }
        language = prepared.language
        unigramBitsPerByte = prepared.validationByteEntropy
        dataHash = ContentHashes.hash(
            of: ([prepared.dataHash] + prepared.splits.map { "\($0.name) \($0.byteRange)" }).joined(separator: "\n"))
        let start = prepared.validation.byteRange.lowerBound
        validationHash = ContentHashes.hash(of: "\(prepared.dataHash) \(start) \(validation.segments.bytes)")
        tokenizerHash = prepared.tokenizerHash
    }
}
