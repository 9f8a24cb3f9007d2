package import LatheComponents
package import LatheSpec

/// UTF-8 text files, optionally gzipped; each is a document.
package struct TextSource: DataSource {
    package struct Config: ComponentConfig {
        @Field(
            "A UTF-8 text file (may be gzipped), a folder, a pattern such as corpus/**/*.txt, or a list of them; "
                + "each file is a document.",
            count: 1..., orSingle: true)
        package var path: [SpecPath]
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}
    }

    package static let name = "text"
    package static let summary = "Text files in UTF-8, by path, folder or pattern; each is a document."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package init(paths: [String]) {
        var config = Config()
        config.path = paths.map { SpecPath($0) }
        self.config = config
    }

    package func validate(in context: ExperimentContext) -> [Diagnostic] { checkFiles(config.path) }

    public var documentLayout: DocumentLayout {
        guard config.path.count == 1, let files = try? findFiles(config.path) else { return .several }
        return files.count == 1 ? .one : .several
    }

    /// - Throws: ``DataError`` for a path that matches no file, or an empty file.
    package func gather(_ context: SourceContext) throws -> Corpus {
        let paths = try findFiles(config.path)
        let license = config.license
        return Corpus(files: paths.map { SourceFile($0, license: license) }) { TextReader(paths) }
    }
}
