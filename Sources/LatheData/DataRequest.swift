public import LatheComponents
public import LatheSpec

/// The parts of a spec that decide the prepared data.
public struct DataRequest: Sendable {
    public var source: Chosen<any DataSource>
    public var cleaning: [Chosen<any CleaningStep>]
    public var split: SplitConfig
    public var tokenizer: Chosen<any Tokenizer>
    /// Whether the tokenizer's end-of-text token, if it has one, goes between documents.
    public var endOfText: Bool
    /// The fitted tokenizer, if it is not to be made again: that of a run whose vocabulary file is gone.
    public var restored: (any Vocabulary)?

    public init(
        source: Chosen<any DataSource>, cleaning: [Chosen<any CleaningStep>] = [], split: SplitConfig = SplitConfig(),
        tokenizer: Chosen<any Tokenizer>, endOfText: Bool = true
    ) {
        self.source = source
        self.cleaning = cleaning
        self.split = split
        self.tokenizer = tokenizer
        self.endOfText = endOfText
    }

    public init(_ spec: ExperimentSpec) {
        self.init(
            source: spec.data.source, cleaning: spec.data.cleaning, split: spec.data.split, tokenizer: spec.tokenizer,
            endOfText: spec.data.endOfText)
    }

    /// Everything that decides the cleaned text, with file contents in place of paths.
    func textIdentity(fileHashes: [String]) -> String {
        (["lathe text \(CleanText.revision)", identity(source)] + fileHashes + ["cleaning"] + cleaning.map(identity))
            .joined(separator: "\n")
    }

    /// Resolved paths of the files that the tokenizer reads, such as a published vocabulary.
    var tokenizerFiles: [String] { restored != nil ? [] : tokenizer.config.paths.map(\.resolved) }

    /// Everything that decides the token files, given the text's key, with file contents in place of paths.
    func tokenIdentity(textKey: String, fileHashes: [String]) -> String {
        ([
            "lathe tokens \(TokenizedText.revision)", textKey,
            "\(split.train) \(split.validation) \(split.test) by \(split.by)\(split.seed.map { " \($0)" } ?? "") \(endOfText ? "ended" : "joined")",
            identity(tokenizer),
        ] + fileHashes
            + (restored.map { [ContentHashes.hash(ofTokenizer: tokenizer.name, files: $0.files)] } ?? [])).joined(
                separator: "\n")
    }

    private func identity(_ chosen: some AnyChosen) -> String {
        "\(chosen.kind)/\(chosen.name)/\(chosen.revision) " + chosen.config.canonicalText { _ in "file" }
    }
}
