package import LatheComponents
package import LatheSpec

/// Token files made by other programs: nanoGPT's, which have no header, both of llm.c's formats, and NumPy arrays.
///
/// The ids are those of the configured tokenizer, whose vocabulary must not depend on the text (`byte`, `gpt2`).
package struct TokenSource: DataSource {
    package enum Format: String, Choice {
        /// `llmc` or `npy` if the file starts with their magic numbers, else `nanogpt`.
        case auto
        /// Little-endian ids without a header, 16 bits each unless `dtype` says otherwise.
        case nanogpt
        /// A header of 256 32-bit integers, then ids: [20240520, 1, count, …] for 16-bit ids, [20240801, 7, count, …]
        /// for 32-bit ones.
        case llmc
        /// A NumPy array of one dimension, of type uint16, uint32 or int32.
        case npy
    }

    package enum IDType: String, Choice {
        /// As the header says; 16 bits without one, unless the file looks otherwise, which is an error.
        case auto
        case uint16
        case uint32

        var width: TokenSequence.Width? {
            switch self {
            case .auto: nil
            case .uint16: .two
            case .uint32: .four
            }
        }
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
        @Field("File format; auto tells llm.c's and NumPy's from nanoGPT's by the first bytes.")
        package var format = Format.auto
        @Field("Type of the ids in files without a header: auto is uint16, and an error if the file looks otherwise.")
        package var dtype = IDType.auto
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}
    }

    package static let name = "tokens"
    package static let summary = "Ready-made token files: nanoGPT's, llm.c's and NumPy's."

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
    package var documentLayout: DocumentLayout { .one }

    /// - Throws: ``DataError`` for an invalid file, with the byte offset.
    package func gather(_ context: SourceContext) throws -> Corpus {
        let training = try runs(config.path), validation = try runs(config.validation)
        return Corpus(
            files: (training + validation).map { SourceFile($0.path, license: config.license) },
            tokens: ReadyTokens(training: training, validation: validation))
    }

    private func runs(_ paths: [SpecPath]) throws(DataError) -> [ReadyTokens.Run] {
        var runs: [ReadyTokens.Run] = []
        for file in try findFiles(paths) { runs.append(try TokenFile(file).run(as: config.format, config.dtype)) }
        return runs
    }
}
