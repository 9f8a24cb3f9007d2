package import LatheComponents
import LatheKernels
package import LatheSpec

/// Prose about COVID-19 from a seeded grammar: a corpus that needs no file and whose code length is known.
package struct SyntheticSource: DataSource {
    package struct Config: ComponentConfig {
        @Field("Length in characters; the text ends with the last whole article that fits.", in: 16_384...1_000_000_000)
        package var characters = 1_505_326
        @Field("Seed of the corpus, independent of the run's seed.") package var seed: UInt64 = 0

        package init() {}
    }

    package static let name = "synthetic"
    package static let summary = "Prose about COVID-19 from a seeded grammar, of any length and known code length."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package var knownLanguage: (any KnownLanguage)? { SyntheticLanguage() }

    /// The language is that of the whole text: a blank line ends an article.
    package var documentLayout: DocumentLayout { .continuous }

    /// One document per article.
    package func gather(_ context: SourceContext) -> Corpus {
        let config = config
        return Corpus(files: [], bytes: config.characters) { ArticleReader(config) }
    }
}

private struct ArticleReader: PassageReader {
    private var generator: GrammarGenerator
    /// Characters left to write. All are ASCII, so these are bytes.
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
