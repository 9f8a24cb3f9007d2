package import LatheComponents
package import LatheSpec
import LatheSystem

/// GPT-2's byte-level BPE with a published vocabulary.
///
/// Text is split by GPT-2's pattern and each piece is merged by rank (Sennrich et al. 2016; Radford et al. 2019).
/// Nothing is fitted, and decoding is lossless. Ids are those of `encoder.json`, which `vocab.bpe` determines;
/// `<|endoftext|>` has the last one.
package struct GPT2Tokenizer: Tokenizer {
    package struct Config: ComponentConfig {
        @Field(
            "The vocabulary: GPT-2's vocab.bpe (or merges.txt) or its tiktoken ranks (r50k_base), or a byte-level "
                + "tokenizer.json that splits text as GPT-2 does."
        )
        package var path: SpecPath
        @Field(
            "Whether special tokens in the text, such as <|endoftext|>, become their ids; otherwise they are text."
        )
        package var recognizeSpecialTokens = false
        @Field("Whether invalid UTF-8 is encoded too, byte by byte; otherwise it is an error.")
        package var anyBytes = false

        package init() {}

        package init(path: String) { self.path = SpecPath(path) }
    }

    package static let name = "gpt2"
    /// 2: the end-of-text token separates documents.
    package static let revision = 2
    package static let summary = "GPT-2's byte-level BPE, with its published vocabulary read from a file."
    /// A rank file is saved as it is: no other format can express it.
    private static let rankFileName = "ranks.tiktoken"

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package var isFixed: Bool { true }

    /// Reads the vocabulary file; the training text is not used.
    ///
    /// - Throws: ``DataError`` with line and byte of what is wrong with the file.
    package func fit(_ training: TrainingText) throws -> any Vocabulary {
        let file = try VocabularyText(path: config.path.resolved)
        if file.bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            return vocabulary(try TokenizerJSON.read(file))
        }
        if RankFile.looksLike(file) {
            let rules = try RankFile.read(file)
            try checkPattern(of: file)
            return vocabulary(rules, rankFile: file.bytes)
        }
        return vocabulary(try MergesFile.read(file))
    }

    /// The SHA-256 of GPT-2's rank file, as in tiktoken's `r50k_base`.
    private static let gpt2Ranks = "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930"

    /// A rank file does not say how text is split into pieces, so only GPT-2's own is certain.
    private func checkPattern(of file: VocabularyText) throws(DataError) {
        guard SHA256.hexadecimal(of: file.bytes.filter { $0 != 0x0d }) != Self.gpt2Ranks else { return }
        throw DataError(
            file.place,
            "is a tiktoken rank file, but not GPT-2's (r50k_base); such a file does not say how text is split into "
                + "pieces, and another pattern (cl100k_base and o200k_base have others) would give other ids. Use a "
                + "tokenizer.json, which names its pattern, or token files made by tiktoken with the source 'tokens'")
    }

    /// Does not need the original vocabulary file.
    ///
    /// - Throws: ``DataError`` if a file is missing or damaged.
    package func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary {
        if let bytes = files[Self.rankFileName] {
            return vocabulary(
                try RankFile.read(VocabularyText(place: Self.rankFileName, bytes: bytes)), rankFile: bytes)
        }
        return try BytePairVocabulary.restore(files, type: Self.name, options: options)
    }

    private var options: BytePairVocabulary.Options {
        .init(recognizesSpecials: config.recognizeSpecialTokens, allowsAnyBytes: config.anyBytes)
    }

    private func vocabulary(_ rules: BytePairRules, rankFile: [UInt8]? = nil) -> BytePairVocabulary {
        BytePairVocabulary(
            rules, options: options,
            files: rankFile.map { [Self.rankFileName: $0] } ?? BytePairVocabulary.files(of: rules))
    }
}

extension BytePairVocabulary {
    /// The files to save for a vocabulary whose merges are ranked by order.
    static func files(of rules: BytePairRules) -> [String: [UInt8]] {
        [
            TokenizerJSON.name: TokenizerJSON.bytes(rules),
            TokenizerJSON.configurationName: TokenizerJSON.configurationBytes(rules),
        ]
    }

    /// Restores a vocabulary saved as ``files(of:)``.
    static func restore(_ files: [String: [UInt8]], type: String, options: Options) throws(DataError)
        -> BytePairVocabulary
    {
        guard let bytes = files[TokenizerJSON.name] else {
            throw DataError(TokenizerJSON.name, "is missing from the saved tokenizer '\(type)'")
        }
        let rules = try TokenizerJSON.read(VocabularyText(place: TokenizerJSON.name, bytes: bytes))
        return BytePairVocabulary(rules, options: options, files: files)
    }
}
