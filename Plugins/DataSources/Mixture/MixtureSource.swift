public import LatheComponents
import LatheKernels
public import LatheSpec

/// Several sources mixed, document by document.
///
/// Each next document is drawn from a source with a probability in proportion to its weight; a function of seed and document number, so that the
/// mixture is always the same.
public struct MixtureSource: DataSource {
    /// One of the sources.
    public struct Part: FieldGroup {
        /// The source.
        @Field("Where documents come from.", .dataSource) public var source: Chosen<any DataSource>
        /// How often it is drawn.
        @Field("How often a document is drawn from it, in proportion to the weights of the others.", above: 0)
        public var weight = 1.0

        /// No source yet.
        public init() {}
    }

    /// When the mixture ends.
    public enum End: String, Choice {
        /// With the first source that runs out, so that the weights hold throughout.
        case first
        /// When all have run out; those that are left share the rest.
        case all
    }

    /// The knobs of `mixture`.
    public struct Config: ComponentConfig {
        /// The sources.
        @Field("The sources, each with its weight: [{source: {type: jsonl, path: a.jsonl}, weight: 2}, …].")
        public var sources: [Part] = []
        /// The end.
        @Field(
            "When the mixture ends: with the first source that runs out, so that the weights hold to the end, or when all have."
        )
        public var until = End.first
        /// What the order is drawn from.
        @Field("Seed of the order; that of the run does not change the text.") public var seed: UInt64 = 0

        /// No sources yet.
        public init() {}

        /// There must be sources.
        public func check(_ problems: inout Problems) {
            if sources.isEmpty {
                problems.error("a mixture needs sources: [{source: {type: text, path: a.txt}, weight: 1}]", at: nil)
            }
        }
    }

    /// What a spec's `type` says.
    public static let name = "mixture"
    /// What it is.
    public static let summary = "Several sources mixed document by document, by weight."

    private let config: Config

    /// The sources of a spec.
    public init(_ config: Config) { self.config = config }

    /// The files of all sources, in order.
    ///
    /// - Throws: what the sources throw, and ``DataError`` for a source of tokens.
    public func gather(_ context: SourceContext) throws -> Corpus {
        var parts: [(corpus: Corpus, weight: Double)] = []
        for part in config.sources {
            let corpus = try part.source.make().gather(context)
            if case .tokens = corpus.content {
                throw DataError("source '\(part.source.name)'", "holds tokens, and only documents can be mixed")
            }
            parts.append((corpus, part.weight))
        }
        let (fixed, end) = (parts, config.until)
        let stream = RandomStream(seed: config.seed, stream: "mixture")
        return Corpus(files: parts.flatMap(\.corpus.files)) {
            MixtureReader(
                try fixed.map { .init(reader: try $0.corpus.reader(), weight: $0.weight) }, until: end, stream)
        }
    }
}

/// Draws documents from several readers.
private struct MixtureReader: PassageReader {
    struct Part {
        var reader: any PassageReader
        var weight: Double
    }

    private var parts: [Part]
    private let end: MixtureSource.End
    private let stream: RandomStream
    /// Documents drawn so far.
    private var drawn = 0
    /// The one whose document is not at its end.
    private var current: Int?

    init(_ parts: [Part], until end: MixtureSource.End, _ stream: RandomStream) {
        self.parts = parts
        self.end = end
        self.stream = stream
    }

    mutating func next() throws -> Passage? {
        while !parts.isEmpty {
            let part = current ?? draw()
            if let passage = try parts[part].reader.next() {
                current = passage.endsDocument ? nil : part
                return passage
            }
            current = nil
            if end == .first { parts = [] } else { parts.remove(at: part) }
        }
        return nil
    }

    private mutating func draw() -> Int {
        var rest = Double(stream.uniform(drawn)) * parts.reduce(0) { $0 + $1.weight }
        drawn += 1
        for (index, part) in parts.enumerated() {
            rest -= part.weight
            if rest < 0 { return index }
        }
        return parts.count - 1
    }
}
