package import LatheComponents
package import LatheSpec

/// Token files made by other programs: nanoGPT's, which have no header, and both of llm.c's formats.
///
/// The ids are those of the configured tokenizer, whose vocabulary must not depend on the text (`byte`, `gpt2`).
package struct TokenSource: DataSource {
    package enum Format: String, Choice {
        /// `llmc` if the file starts with its magic number, else `nanogpt`.
        case auto
        /// 16-bit little-endian ids, without a header.
        case nanogpt
        /// A header of 256 32-bit integers, then ids: [20240520, 1, count, …] for 16-bit ids, [20240801, 7, count, …]
        /// for 32-bit ones.
        case llmc
    }

    package struct Config: ComponentConfig {
        @Field(
            "A token file, a folder, a pattern such as fineweb_train_*.bin, or a list of them.", count: 1...,
            orSingle: true)
        package var path: [SpecPath]
        @Field(
            "Token files to validate on; without any, a part of the others as set by data.split.",
            orSingle: true)
        package var validation: [SpecPath] = []
        @Field("File format; auto tells llm.c's from nanoGPT's by the first bytes.")
        package var format = Format.auto
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}
    }

    package static let name = "tokens"
    package static let summary = "Ready-made token files: nanoGPT's and llm.c's."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    /// Checks that all files exist and are valid.
    package func validate(in context: ExperimentContext) -> [Diagnostic] {
        (config.path + config.validation).compactMap { path in
            do throws(DataError) {
                _ = try runs([path])
                return nil
            } catch {
                return Diagnostic(error.description, at: path.mark)
            }
        }
    }

    /// The tokens are ready-made: nothing is learned from documents or put between them.
    public var documentLayout: DocumentLayout { .one }

    /// - Throws: ``DataError`` for an invalid file, with the byte offset.
    package func gather(_ context: SourceContext) throws -> Corpus {
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
