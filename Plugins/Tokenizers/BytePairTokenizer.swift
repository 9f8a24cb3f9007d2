package import LatheComponents
package import LatheSpec

/// A byte-level BPE trained on the training split.
///
/// The merges equal those of the `tokenizers` package for the same settings, and that package can load the
/// `tokenizer.json` in the run's folder.
package struct BytePairTokenizer: Tokenizer {
    /// The pattern that splits text into pieces; merges never cross pieces.
    package enum SplitPattern: String, Choice {
        /// GPT-2's: contractions, letters, numbers, other characters, white space.
        case gpt2
    }

    package struct Config: ComponentConfig {
        @Field(
            "Maximum number of tokens: 256 bytes, the special tokens and the merges; fewer if pairs are too rare.",
            in: 257...16_777_216)
        package var vocabularySize = 4096
        @Field("Minimum count of a token pair in the training text for a merge.", in: 1...1_000_000_000)
        package var minimumCount = 2
        @Field("How text is split into pieces; merges never cross pieces.") package var splitPattern = SplitPattern.gpt2
        @Field(
            "Special tokens, which get the first ids in this order; <|endoftext|> ends documents."
        )
        package var specialTokens = ["<|endoftext|>"]
        @Field("Whether special tokens in the text become their ids; otherwise they are ordinary text.")
        package var recognizeSpecialTokens = false
        @Field("Whether invalid UTF-8 is encoded too, byte by byte; otherwise it is an error.")
        package var anyBytes = false

        package init() {}

        /// The vocabulary must have room for the bytes and the special tokens, which must be distinct.
        package func check(_ problems: inout Problems) {
            var seen: Set<[UInt8]> = []
            for token in specialTokens where token.isEmpty || !seen.insert(Array(token.utf8)).inserted {
                problems.error(
                    token.isEmpty ? "a special token is empty" : "the special token '\(token)' is listed twice",
                    at: $specialTokens.mark)
            }
            let least = 257 + specialTokens.count
            if vocabularySize < least {
                problems.error(
                    "vocabulary_size \(vocabularySize) leaves no room for merges: "
                        + "256 bytes and \(specialTokens.count) special tokens need \(least)",
                    at: $vocabularySize.mark, $specialTokens.mark)
            }
        }
    }

    package static let name = "bpe"
    /// 2: the end-of-text token separates documents.
    package static let revision = 2
    package static let summary = "Byte-level BPE trained on the training text; decoding restores every byte."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    /// Merges are learned document by document, also within a continuous text.
    package func documentRevision(for layout: DocumentLayout) -> Int { layout == .one ? 1 : 2 }

    /// - Throws: ``DataError`` if the text is not UTF-8 and `anyBytes` is false.
    package func fit(_ training: TrainingText) throws -> any Vocabulary {
        if !config.anyBytes, let bad = firstByteNotUTF8(training.bytes) {
            throw DataError(
                "text", byteOffset: bad,
                "is not UTF-8; set tokenizer.any_bytes to true to train on every byte, or use the tokenizer 'byte'")
        }
        let rules = BytePairTrainer.rules(
            .count(training), vocabularySize: config.vocabularySize, minimumCount: config.minimumCount,
            specials: config.specialTokens.map { Array($0.utf8) })
        return BytePairVocabulary(rules, options: options, files: BytePairVocabulary.files(of: rules))
    }

    /// - Throws: ``DataError`` if a file is missing or damaged.
    package func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary {
        try BytePairVocabulary.restore(files, type: Self.name, options: options)
    }

    private var options: BytePairVocabulary.Options {
        .init(recognizesSpecials: config.recognizeSpecialTokens, allowsAnyBytes: config.anyBytes)
    }
}
