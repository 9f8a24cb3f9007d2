public import LatheComponents
import LatheKernels
public import LatheSpec

/// Prose about COVID-19 from a seeded grammar: a corpus that needs no file, and whose own code length is known.
public struct SyntheticSource: DataSource {
    /// The knobs of `synthetic`.
    public struct Config: ComponentConfig {
        /// The length, in characters.
        @Field("Length in characters; the text ends with the last whole article before it.", in: 16_384...1_000_000_000)
        public var characters = 1_505_326
        /// What the text is drawn from.
        @Field("Seed of the corpus; that of the run does not change the text.") public var seed: UInt64 = 0

        /// The default corpus.
        public init() {}
    }

    /// What a spec's `type` says.
    public static let name = "synthetic"
    /// What it is.
    public static let summary = "Prose about COVID-19 from a seeded grammar, in any length, of known code length."

    private let config: Config

    /// A corpus of the given length and seed.
    public init(_ config: Config) { self.config = config }

    /// The grammar that writes the text.
    public var knownLanguage: (any KnownLanguage)? { SyntheticLanguage() }

    /// The articles, one document each.
    public func gather(_ context: SourceContext) -> Corpus {
        let config = config
        return Corpus(files: [], bytes: config.characters) { ArticleReader(config) }
    }
}

private struct ArticleReader: PassageReader {
    private var generator: GrammarGenerator
    /// What may still be written: characters, which are bytes, as all are ASCII.
    private var room: Int

    init(_ config: SyntheticSource.Config) {
        let stream = RandomStream(seed: config.seed, stream: "corpus")
        generator = GrammarGenerator(CovidGrammar.grammar) { element, bound in
            UInt32(stream.integer(element, below: Int(bound)))
        }
        room = config.characters
    }

    mutating func next() -> Passage? {
        var article: [UInt8] = []
        generator.appendDocument(to: &article)
        room -= article.count
        return room < 0 ? nil : Passage(text: String(decoding: article, as: UTF8.self), endsDocument: true)
    }
}
