public import LatheComponents

/// The prepared text of a run, as training sees it.
public struct RunData: Sendable {
    /// The fitted tokenizer.
    public var vocabulary: any Vocabulary
    /// The training split.
    public var training: TokenSequence
    /// What is scored at validations.
    public var validation: ScoredText
    /// As many bytes of the training split, scored the same way.
    public var trainingSample: ScoredText
    /// The test split, where there is one.
    public var test: ScoredText?
    /// The code length of the scored validation text under the language that made it, in nats, where that is known.
    public var floorNats: Double?
    /// The language that made the text, where it is known.
    public var language: (any KnownLanguage)?
    /// What the text and the fitted tokenizer hash to.
    public var dataHash: String
    /// What the scored validation text hashes to.
    public var validationHash: String
    /// What the fitted tokenizer hashes to.
    public var tokenizerHash: String

    /// Prepared text.
    public init(
        vocabulary: any Vocabulary, training: TokenSequence, validation: ScoredText, trainingSample: ScoredText,
        test: ScoredText?, floorNats: Double?, language: (any KnownLanguage)?, dataHash: String, validationHash: String,
        tokenizerHash: String
    ) {
        self.vocabulary = vocabulary
        self.training = training
        self.validation = validation
        self.trainingSample = trainingSample
        self.test = test
        self.floorNats = floorNats
        self.language = language
        self.dataHash = dataHash
        self.validationHash = validationHash
        self.tokenizerHash = tokenizerHash
    }

    /// The floor of validation bits per byte, where it is known.
    public var floorBitsPerByte: Double? {
        floorNats.map { $0 / (Double(max(1, validation.scoredBytes)) * 0.693147180559945309) }
    }
}
