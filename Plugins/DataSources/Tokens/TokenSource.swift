public import LatheComponents
public import LatheSpec

/// Token files that were made elsewhere: nanoGPT's, without a header, and llm.c's two.
///
/// The tokenizer says what the ids mean; it must be one whose vocabulary does not depend on the text (`byte`, `gpt2`).
public struct TokenSource: DataSource {
    /// How a file is laid out.
    public enum Format: String, Choice {
        /// llm.c's where the file begins with its number, nanoGPT's else.
        case auto
        /// 16-bit ids, little-endian, nothing else.
        case nanogpt
        /// A header of 256 32-bit integers, then ids: [20240520, 1, count] before 16-bit ids, [20240801, 7, count] before 32-bit ones.
        case llmc
    }

    /// The knobs of `tokens`.
    public struct Config: ComponentConfig {
        /// The files.
        @Field(
            "A token file, a folder, a pattern such as fineweb_train_*.bin, or a list of them.", count: 1...,
            orSingle: true)
        public var path: [SpecPath]
        /// Files to validate on.
        @Field(
            "Token files to validate on; where there are none, a part of the others as data.split says.",
            orSingle: true)
        public var validation: [SpecPath] = []
        /// The layout.
        @Field("How the files are laid out: auto tells llm.c's from nanoGPT's by their first bytes.") public
            var format =
            Format.auto
        /// The licence.
        @Field("The licence of the text, for the data card.", identity: false) public var license: String?

        /// No files yet.
        public init() {}
    }

    /// What a spec's `type` says.
    public static let name = "tokens"
    /// What it is.
    public static let summary = "Ready-made token files: nanoGPT's and llm.c's."

    private let config: Config

    /// The files of a spec.
    public init(_ config: Config) { self.config = config }

    /// Whether all files are there and what they should be.
    public func validate(in context: ExperimentContext) -> [Diagnostic] {
        (config.path + config.validation).compactMap { path in
            do throws(DataError) {
                _ = try runs([path])
                return nil
            } catch {
                return Diagnostic(error.description, at: path.mark)
            }
        }
    }

    /// The files.
    ///
    /// - Throws: ``DataError`` for files that are not what they should be, with the byte.
    public func gather(_ context: SourceContext) throws -> Corpus {
        let training = try runs(config.path), validation = try runs(config.validation)
        return Corpus(
            files: (training + validation).map { SourceFile($0.path, license: config.license) },
            tokens: ReadyTokens(training: training, validation: validation))
    }

    private func runs(_ paths: [SpecPath]) throws(DataError) -> [ReadyTokens.Run] {
        var runs: [ReadyTokens.Run] = []
        for file in try findFiles(paths) { runs.append(try TokenFileHeader.run(of: file, format: config.format)) }
        return runs
    }
}
