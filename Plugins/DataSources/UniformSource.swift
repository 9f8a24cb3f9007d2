package import LatheComponents
import LatheKernels
package import LatheSpec

/// Independent, uniformly distributed characters: a model can learn nothing but their number, log2(symbols) bits each.
/// For benchmarks with a vocabulary of any size, and for testing models on noise.
package struct UniformSource: DataSource {
    package struct Config: ComponentConfig {
        @Field("Number of distinct characters; the text begins with each of them once.", in: 2...100_000)
        package var symbols = 65
        @Field("Length in characters.", in: 16_384...1_000_000_000) package var characters = 1_000_000
        @Field("Seed of the text, independent of the run's seed.") package var seed: UInt64 = 0

        package init() {}
    }

    package static let name = "uniform"
    package static let summary = "Uniformly random characters with nothing to learn, for benchmarks."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package var documentLayout: DocumentLayout { .one }

    package func gather(_ context: SourceContext) -> Corpus {
        let config = config
        return Corpus(files: [], bytes: config.characters) { UniformReader(config) }
    }
}

private struct UniformReader: PassageReader {
    private let stream: RandomStream
    private let symbols: Int, characters: Int
    private var written = 0

    init(_ config: UniformSource.Config) {
        stream = RandomStream(seed: config.seed, stream: "uniform")
        symbols = config.symbols
        characters = config.characters
    }

    private static let passage = 1 << 16

    mutating func next() -> Passage? {
        guard written < characters else { return nil }
        let end = min(characters, written + Self.passage)
        var text = String.UnicodeScalarView()
        for index in written..<end {
            // The alphabet comes first so that the training split contains every symbol.
            text.append(Self.symbol(index < symbols ? index : stream.integer(index, below: symbols)))
        }
        written = end
        return Passage(text: String(text), endsDocument: end == characters)
    }

    /// Printable ASCII first, then U+0100 and up, skipping the surrogates.
    private static func symbol(_ index: Int) -> Unicode.Scalar {
        let code = index < 94 ? 0x21 + index : 0x100 + index - 94
        return Unicode.Scalar(UInt32(code < 0xd800 ? code : code + 0x800)) ?? "?"
    }
}
