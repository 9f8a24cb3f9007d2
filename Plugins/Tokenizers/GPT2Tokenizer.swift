public import LatheComponents
public import LatheSpec

/// GPT-2's byte-level BPE with a published vocabulary.
///
/// Text is cut by GPT-2's pattern and each piece merged by rank (Sennrich et al. 2016; Radford et al. 2019). Nothing is fitted, nothing is lost: tokens give
/// back every byte. Ids are those of `encoder.json`, which `vocab.bpe` determines; `<|endoftext|>` comes after the last.
public struct GPT2Tokenizer: Tokenizer {
    /// The knobs of `gpt2`.
    public struct Config: ComponentConfig {
        /// The vocabulary's file.
        @Field(
            "The vocabulary: GPT-2's vocab.bpe (or merges.txt), a tiktoken rank file, or a byte-level BPE's tokenizer.json."
        )
        public var path: SpecPath
        /// What to do with special tokens in the text.
        @Field(
            "Whether special tokens such as <|endoftext|> that stand in the text become their ids; they are text like any other if not."
        )
        public var recognizeSpecialTokens = false
        /// What to do with other bytes.
        @Field("Whether bytes that are not UTF-8 are encoded too, each as a character of its own; an error if not.")
        public var anyBytes = false

        /// No path yet.
        public init() {}

        /// A vocabulary's file.
        public init(path: String) { self.path = SpecPath(path) }
    }

    /// What a spec's `type` says.
    public static let name = "gpt2"
    /// 2: the end-of-text token stands between documents.
    public static let revision = 2
    /// What it is.
    public static let summary = "GPT-2's byte-level BPE, its published vocabulary read from a file."
    /// A rank file has no other form that says the same.
    private static let rankFileName = "ranks.tiktoken"

    private let config: Config

    /// The tokenizer.
    public init(_ config: Config) { self.config = config }

    /// It is.
    public var isFixed: Bool { true }

    /// The vocabulary of the file, whatever the text.
    ///
    /// - Throws: ``DataError`` with line and byte of what is wrong with the file.
    public func fit(_ training: UnsafeBufferPointer<UInt8>) throws -> any Vocabulary {
        let file = try VocabularyText(path: config.path.resolved)
        if file.bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            return vocabulary(try TokenizerJSON.read(file))
        }
        if RankFile.looksLike(file) { return vocabulary(try RankFile.read(file), rankFile: file.bytes) }
        return vocabulary(try MergesFile.read(file))
    }

    /// A saved vocabulary; the file that it once came from is not needed.
    ///
    /// - Throws: ``DataError`` where it is missing or damaged.
    public func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary {
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
    /// The files that a vocabulary whose merges rank by their order is saved as.
    static func files(of rules: BytePairRules) -> [String: [UInt8]] {
        [
            TokenizerJSON.name: TokenizerJSON.bytes(rules),
            TokenizerJSON.configurationName: TokenizerJSON.configurationBytes(rules),
        ]
    }

    /// A vocabulary that was saved as such.
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
