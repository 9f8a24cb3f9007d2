package import LatheComponents
import LatheKernels
package import LatheSpec

/// Mixes several sources document by document.
///
/// Each document's source is drawn with probability proportional to its weight, as a function of the seed and the
/// document number, so the mixture is reproducible.
package struct MixtureSource: DataSource {
    package struct Part: FieldGroup {
        @Field("Where documents come from.", .dataSource) package var source: Chosen<any DataSource>
        @Field("How often a document is drawn from this source, relative to the other weights.", above: 0)
        package var weight = 1.0

        package init() {}
    }

    package enum End: String, Choice {
        /// When the first source runs out, so that the weights hold throughout.
        case first
        /// When all have run out; the remaining sources keep their relative weights.
        case all
    }

    package struct Config: ComponentConfig {
        @Field("The sources, each with its weight: [{source: {type: jsonl, path: a.jsonl}, weight: 2}, …].")
        package var sources: [Part] = []
        @Field(
            "When the mixture ends: first (when one source runs out, so the weights hold throughout) "
                + "or all (when every source has)."
        )
        package var until = End.first
        @Field("Seed of the order, independent of the run's seed.") package var seed: UInt64 = 0

        package init() {}

        package func check(_ problems: inout Problems) {
            if sources.isEmpty {
                problems.error("a mixture needs sources: [{source: {type: text, path: a.txt}, weight: 1}]", at: nil)
            }
        }
    }

    package static let name = "mixture"
    package static let summary = "Several sources mixed document by document, by weight."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    /// - Throws: ``DataError`` for a source of tokens, and what the sources throw.
    package func gather(_ context: SourceContext) throws -> Corpus {
        var parts: [(corpus: Corpus, weight: Double)] = []
        for part in config.sources {
            let corpus = try part.source.make().gather(context)
            if case .tokens = corpus.content {
                throw DataError("source '\(part.source.name)'", "holds tokens, but only documents can be mixed")
            }
            guard corpus.validation == nil else {
                throw DataError(
                    "source '\(part.source.name)'",
                    "has validation files of its own, which a mixture cannot use; remove validation and test")
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

private struct MixtureReader: PassageReader {
    struct Part {
        var reader: any PassageReader
        var weight: Double
    }

    private var parts: [Part]
    private let end: MixtureSource.End
    private let stream: RandomStream
    private var drawn = 0
    /// The source whose document is not finished.
    private var current: Int?
    /// Rows that exhausted readers left out.
    private var earlier = SkippedRows()

    var skipped: SkippedRows {
        parts.reduce(into: earlier) { $0.add($1.reader.skipped) }
    }

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
            if end == .first {
                earlier = skipped
                parts = []
            } else {
                earlier.add(parts[part].reader.skipped)
                parts.remove(at: part)
            }
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
