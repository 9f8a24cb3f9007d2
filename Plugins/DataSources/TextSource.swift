public import LatheComponents
public import LatheSpec

/// Text files in UTF-8, each a document; they may be compressed by gzip.
public struct TextSource: DataSource {
    /// The knobs of `text`.
    public struct Config: ComponentConfig {
        /// The files.
        @Field(
            "A file in UTF-8 (gzip too), a folder, a pattern such as corpus/**/*.txt, or a list of them; each file is a document.",
            count: 1..., orSingle: true)
        public var path: [SpecPath]
        /// The licence.
        @Field("The licence of the text, for the data card.", identity: false) public var license: String?

        /// No files yet.
        public init() {}
    }

    /// What a spec's `type` says.
    public static let name = "text"
    /// What it is.
    public static let summary = "Text files in UTF-8, by path, folder or pattern; each is a document."

    private let config: Config

    /// The files of a spec.
    public init(_ config: Config) { self.config = config }

    /// Files by path.
    public init(paths: [String]) {
        var config = Config()
        config.path = paths.map { SpecPath($0) }
        self.config = config
    }

    /// Whether all files are there, are files, and have something in them.
    public func validate(in context: ExperimentContext) -> [Diagnostic] { checkFiles(config.path) }

    /// The files.
    ///
    /// - Throws: ``DataError`` for a path that names none, or an empty one.
    public func gather(_ context: SourceContext) throws -> Corpus {
        let paths = try findFiles(config.path)
        let license = config.license
        return Corpus(files: paths.map { SourceFile($0, license: license) }) { TextReader(paths) }
    }
}
