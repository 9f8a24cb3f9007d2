public import LatheComponents
public import LatheData
import LatheSpec

/// The prepared text of a run, as training uses it.
public struct RunData: Sendable {
    public let vocabulary: any Vocabulary
    public let training: TokenSequence
    /// The scored part of the validation split: all of it, or its first bytes.
    public let validation: ScoredText
    /// As many bytes of the training split, scored the same way.
    public let trainingSample: ScoredText
    public let test: ScoredText?
    /// Over all splits.
    public let tokenCount: Int
    /// The language that generated the text, if known.
    public let language: (any KnownLanguage)?
    /// Bits per byte of the validation split under the training split's byte frequencies: the loss of a unigram byte
    /// model.
    public let unigramBitsPerByte: Double
    /// Mean bytes of text per token of the training split.
    public let trainingBytesPerToken: Double
    /// Hash of the text and its split.
    public let dataHash: String
    /// Hash of the scored validation text.
    public let validationHash: String
    public let tokenizerHash: String

    public init(_ prepared: PreparedData, spec: ExperimentSpec) {
        let vocabulary = prepared.vocabulary
        self.vocabulary = vocabulary
        training = prepared.train.tokens
        trainingBytesPerToken = Double(prepared.train.byteRange.count) / Double(max(1, prepared.train.tokens.count))
        let validation = ScoredText(
            prepared.validation, bytes: spec.validation.scopeBytes, lossReason: vocabulary.lossReason)
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
