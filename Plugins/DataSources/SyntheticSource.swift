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

    /// None.
    public var files: [String] { [] }

    /// The grammar that writes the text.
    public var knownLanguage: (any KnownLanguage)? { SyntheticLanguage() }

    /// Hands over the articles, one document each.
    public func read(_ deliver: (Passage) throws -> Void) throws {
        let stream = RandomStream(seed: config.seed, stream: "corpus")
        var generator = GrammarGenerator(CovidGrammar.grammar) { element, bound in
            UInt32(stream.integer(element, below: Int(bound)))
        }
        var article: [UInt8] = []
        var written = 0
        while true {
            article.removeAll(keepingCapacity: true)
            generator.appendDocument(to: &article)
            written += article.count  // all ASCII: a byte is a character
            guard written <= config.characters else { return }
            try deliver(Passage(text: String(decoding: article, as: UTF8.self), endsDocument: true))
        }
    }
}
