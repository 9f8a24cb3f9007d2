public import LatheComponents
import LatheKernels
public import LatheSpec

/// Characters drawn uniformly and independently of each other: nothing can be learnt from them but their number, log2(symbols) bits each. For benchmarks, whose
/// vocabularies it gives any size, and for finding out what a model makes of noise.
public struct UniformSource: DataSource {
    /// The knobs of `uniform`.
    public struct Config: ComponentConfig {
        /// How many different characters there are.
        @Field("Different characters; each occurs at the beginning of the text.", in: 2...100_000) public var symbols =
            65
        /// The length, in characters.
        @Field("Length in characters.", in: 16_384...1_000_000_000) public var characters = 1_000_000
        /// What the text is drawn from.
        @Field("Seed of the text; that of the run does not change it.") public var seed: UInt64 = 0

        /// A million of 65.
        public init() {}
    }

    /// What a spec's `type` says.
    public static let name = "uniform"
    /// What it is.
    public static let summary = "Characters drawn uniformly, with nothing to learn in them: for benchmarks."

    private let config: Config

    /// A text of the given length and alphabet.
    public init(_ config: Config) { self.config = config }

    /// One document.
    public func gather(_ context: SourceContext) -> Corpus {
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
            // First the alphabet, so that every part of the text that is trained on has all of it.
            text.append(Self.symbol(index < symbols ? index : stream.integer(index, below: symbols)))
        }
        written = end
        return Passage(text: String(text), endsDocument: end == characters)
    }

    /// Printable ASCII first, then what follows U+0100, over the gap that surrogates leave.
    private static func symbol(_ index: Int) -> Unicode.Scalar {
        let code = index < 94 ? 0x21 + index : 0x100 + index - 94
        return Unicode.Scalar(UInt32(code < 0xd800 ? code : code + 0x800)) ?? "?"
    }
}
