public import LatheComponents
public import LatheSpec

/// UTF-8 text files, optionally gzipped; each is a document.
public struct TextSource: DataSource {
    public struct Config: ComponentConfig {
        @Field(
            "A UTF-8 text file (may be gzipped), a folder, a pattern such as corpus/**/*.txt, or a list of them; "
                + "each file is a document.",
            count: 1..., orSingle: true)
        public var path: [SpecPath]
        @Field("The licence of the text, for the data card.", identity: false) public var license: String?

        public init() {}
    }

    public static let name = "text"
    public static let summary = "Text files in UTF-8, by path, folder or pattern; each is a document."

    private let config: Config

    public init(_ config: Config) { self.config = config }

    public init(paths: [String]) {
        var config = Config()
        config.path = paths.map { SpecPath($0) }
        self.config = config
    }

    public func validate(in context: ExperimentContext) -> [Diagnostic] { checkFiles(config.path) }

    /// - Throws: ``DataError`` for a path that matches no file, or an empty file.
    public func gather(_ context: SourceContext) throws -> Corpus {
        let paths = try findFiles(config.path)
        let license = config.license
        return Corpus(files: paths.map { SourceFile($0, license: license) }) { TextReader(paths) }
    }
}
