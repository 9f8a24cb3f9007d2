public import LatheComponents
public import LatheSpec

/// A byte-level BPE trained on the training split.
///
/// The merges are those of the `tokenizers` package for the same settings; its `tokenizer.json` in the run's folder is one that package loads.
public struct BytePairTokenizer: Tokenizer {
    /// How text is cut into the pieces in which merges stay.
    public enum SplitPattern: String, Choice {
        /// GPT-2's: contractions, letters, numbers, other characters, white space.
        case gpt2
    }

    /// The knobs of `bpe`.
    public struct Config: ComponentConfig {
        /// How many ids.
        @Field(
            "The most tokens: 256 bytes, the special tokens and the merges; fewer where pairs occur too rarely.",
            in: 257...16_777_216)
        public var vocabularySize = 4096
        /// How often a pair must occur.
        @Field("How often a pair of tokens must occur in the training text to be merged.", in: 1...1_000_000_000)
        public var minimumCount = 2
        /// The pattern.
        @Field("How text is cut into pieces, beyond which no merge goes.") public var splitPattern = SplitPattern.gpt2
        /// Tokens with a meaning of their own.
        @Field(
            "Tokens that stand for no text, in the order of their ids, which are the first; <|endoftext|> ends documents."
        )
        public var specialTokens = ["<|endoftext|>"]
        /// What to do with special tokens in the text.
        @Field("Whether special tokens that stand in the text become their ids; they are text like any other if not.")
        public var recognizeSpecialTokens = false
        /// What to do with other bytes.
        @Field("Whether bytes that are not UTF-8 are encoded too, each as a character of its own; an error if not.")
        public var anyBytes = false

        /// 4,096 tokens.
        public init() {}

        /// Room for the bytes and distinct special tokens.
        public func check(_ problems: inout Problems) {
            var seen: Set<[UInt8]> = []
            for token in specialTokens where token.isEmpty || !seen.insert(Array(token.utf8)).inserted {
                problems.error(
                    token.isEmpty ? "a special token is empty" : "the special token '\(token)' is there twice",
                    at: $specialTokens.mark)
            }
            let least = 257 + specialTokens.count
            if vocabularySize < least {
                problems.error(
                    "vocabulary_size \(vocabularySize) leaves no room for merges: 256 bytes and \(specialTokens.count) special tokens need \(least)",
                    at: $vocabularySize.mark)
            }
        }
    }

    /// What a spec's `type` says.
    public static let name = "bpe"
    /// 2: the end-of-text token stands between documents.
    public static let revision = 2
    /// What it is.
    public static let summary = "Byte-level BPE, trained on the training text; tokens give back every byte."

    private let config: Config

    /// The tokenizer.
    public init(_ config: Config) { self.config = config }

    /// The merges of a text.
    ///
    /// - Throws: ``DataError`` where the text is not UTF-8 and `anyBytes` is false.
    public func fit(_ training: UnsafeBufferPointer<UInt8>) throws -> any Vocabulary {
        if !config.anyBytes, let bad = firstByteNotUTF8(training) {
            throw DataError(
                "text", byteOffset: bad,
                "is not UTF-8; set tokenizer.any_bytes to true to train on every byte, or use the tokenizer 'byte'")
        }
        let rules = BytePairTrainer.rules(
            .count(training), vocabularySize: config.vocabularySize, minimumCount: config.minimumCount,
            specials: config.specialTokens.map { Array($0.utf8) })
        return BytePairVocabulary(rules, options: options, files: BytePairVocabulary.files(of: rules))
    }

    /// A saved vocabulary.
    ///
    /// - Throws: ``DataError`` where it is missing or damaged.
    public func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary {
        try BytePairVocabulary.restore(files, type: Self.name, options: options)
    }

    private var options: BytePairVocabulary.Options {
        .init(recognizesSpecials: config.recognizeSpecialTokens, allowsAnyBytes: config.anyBytes)
    }
}
