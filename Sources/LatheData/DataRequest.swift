public import LatheComponents
public import LatheSpec

/// What data to prepare: the parts of a spec that decide it.
public struct DataRequest: Sendable {
    /// Where the text comes from.
    public var source: Chosen<any DataSource>
    /// What is done to it, in order.
    public var cleaning: [Chosen<any CleaningStep>]
    /// How it is divided.
    public var split: SplitConfig
    /// How it becomes tokens.
    public var tokenizer: Chosen<any Tokenizer>
    /// Whether the tokenizer's end-of-text token, where it has one, stands between documents.
    public var endOfText: Bool

    /// A request.
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

    /// The request of a spec.
    public init(_ spec: ExperimentSpec) {
        self.init(
            source: spec.data.source, cleaning: spec.data.cleaning, split: spec.data.split, tokenizer: spec.tokenizer,
            endOfText: spec.data.endOfText)
    }

    /// What decides the cleaned text, the contents of the source's files in place of their paths.
    func textIdentity(fileHashes: [String]) -> String {
        (["lathe text \(CleanText.revision)", identity(source)] + fileHashes + ["cleaning"] + cleaning.map(identity))
            .joined(separator: "\n")
    }

    /// The files that the tokenizer reads, such as a published vocabulary, resolved.
    var tokenizerFiles: [String] { tokenizer.config.paths.map(\.resolved) }

    /// What decides the token files, given what decided the text, the contents of the tokenizer's files in place of their paths.
    func tokenIdentity(textKey: String, fileHashes: [String]) -> String {
        ([
            "lathe tokens \(TokenizedText.revision)", textKey,
            "\(split.train) \(split.validation) \(split.test) by \(split.by) \(endOfText ? "ended" : "joined")",
            identity(tokenizer),
        ] + fileHashes).joined(separator: "\n")
    }

    private func identity(_ chosen: some AnyChosen) -> String {
        "\(chosen.kind)/\(chosen.name)/\(chosen.revision) " + chosen.config.canonicalText { _ in "file" }
    }
}
