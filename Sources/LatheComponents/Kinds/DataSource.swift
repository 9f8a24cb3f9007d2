public import LatheSpec

/// Where text comes from.
///
/// ```swift
/// public func gather(_ context: SourceContext) throws -> Corpus {
///     let paths = try SourceFiles.find(config.path)          // or fetch them into context.folder
///     return Corpus(files: paths.map { SourceFile($0) }) { MyReader(paths) }
/// }
/// ```
public protocol DataSource: Component where Product == any DataSource {
    /// Makes all that is to be read files on this machine, finding those of a folder, fetching what is elsewhere, and says what they hold. Reads no text yet.
    ///
    /// - Throws: ``DataError`` for what is missing or cannot be fetched; whatever `context.report` throws.
    func gather(_ context: SourceContext) throws -> Corpus
    /// The language that made the text, where it is known.
    var knownLanguage: (any KnownLanguage)? { get }
}

/// What a source may use while it gathers its files.
public struct SourceContext {
    /// A folder that outlives the run, for what is fetched; each kind of source has a folder of its own name in it. It is made by whoever first puts
    /// something there, and several processes may use it at once.
    public let folder: String
    /// Hears how far it is; what it throws must end the gathering.
    public let report: (SourceProgress) throws -> Void

    /// A folder to keep things in, and who hears of progress.
    public init(folder: String, report: @escaping (SourceProgress) throws -> Void = { _ in }) {
        self.folder = folder
        self.report = report
    }
}

/// How far a source is with gathering its files.
public struct SourceProgress: Sendable, Hashable {
    /// What is being done, in a few words: `downloading input.txt`.
    public var activity: String
    /// Bytes done.
    public var done: Int
    /// Bytes in all, where known.
    public var total: Int?

    /// Progress.
    public init(_ activity: String, done: Int = 0, total: Int? = nil) {
        self.activity = activity
        self.done = done
        self.total = total
    }
}

/// A file that a source reads.
public struct SourceFile: Sendable, Hashable {
    /// Where it is on this machine, absolute. Its contents are part of what prepared data is found by: a changed file never meets stale tokens.
    public var path: String
    /// Where it came from, where that is elsewhere: a URL.
    public var origin: String?
    /// The licence of its text, where it is given.
    public var license: String?

    /// A file.
    public init(_ path: String, origin: String? = nil, license: String? = nil) {
        self.path = path
        self.origin = origin
        self.license = license
    }
}

/// What a source has to give, all of it on this machine.
public struct Corpus: Sendable {
    /// The two forms that a source's contents have.
    public enum Content: Sendable {
        /// Text, one document after the other. Every reader starts from the first; two give the same.
        case documents(@Sendable () throws -> any PassageReader)
        /// Tokens that were made elsewhere.
        case tokens(ReadyTokens)
    }

    /// The files that are read, in order. With the source's knobs they decide its text.
    public var files: [SourceFile]
    /// What they hold.
    public var content: Content
    /// How many bytes a reader reads in all, where that is known, for progress; the sizes of the files by default.
    public var bytes: Int?

    /// Documents, which `reader` reads.
    public init(files: [SourceFile], bytes: Int? = nil, reader: @escaping @Sendable () throws -> any PassageReader) {
        self.files = files
        self.bytes = bytes
        content = .documents(reader)
    }

    /// Tokens that were made elsewhere.
    public init(files: [SourceFile], tokens: ReadyTokens) {
        self.files = files
        content = .tokens(tokens)
    }

    /// A reader of the documents.
    ///
    /// - Throws: ``DataError`` where it has tokens instead, or a file cannot be opened.
    public func reader() throws -> any PassageReader {
        switch content {
        case .documents(let reader): return try reader()
        case .tokens:
            throw DataError(files.first?.path ?? "source", "holds tokens, where text is needed; give a source of text")
        }
    }
}

/// Token files that were made elsewhere: those to train on, and those to validate on where they are files of their own.
public struct ReadyTokens: Sendable {
    /// Ids that lie in a file in one piece, little-endian.
    public struct Run: Sendable, Hashable {
        /// The file.
        public var path: String
        /// Where the first id begins, in bytes.
        public var offset: Int
        /// The number of ids.
        public var count: Int
        /// The bytes of an id.
        public var width: TokenSequence.Width

        /// Ids of a file.
        public init(path: String, offset: Int, count: Int, width: TokenSequence.Width) {
            self.path = path
            self.offset = offset
            self.count = count
            self.width = width
        }
    }

    /// All tokens, or those to train on where there are others to validate on.
    public var training: [Run]
    /// Those to validate on; none where they are a part of the others.
    public var validation: [Run]

    /// Tokens.
    public init(training: [Run], validation: [Run] = []) {
        self.training = training
        self.validation = validation
    }
}

extension DataSource {
    /// The kind of data sources: `data.source` in a spec.
    public static var kind: Kind<any DataSource> { .dataSource }
    /// Itself.
    public var product: any DataSource { self }
    /// Unknown, as that of text from outside.
    public var knownLanguage: (any KnownLanguage)? { nil }
}

extension Kind where Product == any DataSource {
    /// `data.source`
    public static var dataSource: Self { Self("source", place: "data.source", summary: "Where text comes from.") }
}
