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
    /// Finds or fetches everything to be read, so that it exists as files on this machine, and describes it. Reads no
    /// text yet.
    ///
    /// - Throws: ``DataError`` for what is missing or cannot be fetched; errors from `context.report`.
    func gather(_ context: SourceContext) throws -> Corpus
    /// The language that generated the text, if known.
    var knownLanguage: (any KnownLanguage)? { get }
    /// How the documents relate, as far as the spec and its files tell without reading them.
    var documentLayout: DocumentLayout { get }
}

/// What a source may use while it gathers its files.
public struct SourceContext {
    /// A folder for fetched files that outlives the run, one per type of source. It may not exist yet, and several
    /// processes may use it at once.
    public let folder: String
    /// Receives progress; what it throws must end the gathering.
    public let report: (SourceProgress) throws -> Void

    public init(folder: String, report: @escaping (SourceProgress) throws -> Void = { _ in }) {
        self.folder = folder
        self.report = report
    }
}

public struct SourceProgress: Sendable, Hashable {
    /// A short description, such as `downloading input.txt`.
    public var activity: String
    public var done: Int
    /// Total bytes, if known.
    public var total: Int?

    public init(_ activity: String, done: Int = 0, total: Int? = nil) {
        self.activity = activity
        self.done = done
        self.total = total
    }
}

public struct SourceFile: Sendable, Hashable {
    /// Absolute path on this machine. Prepared data is keyed by the file's contents, so a changed file never gets stale
    /// tokens.
    public var path: String
    /// The URL or place the file was fetched from, if elsewhere.
    public var origin: String?
    /// nil if not given.
    public var license: String?

    public init(_ path: String, origin: String? = nil, license: String? = nil) {
        self.path = path
        self.origin = origin
        self.license = license
    }
}

/// What a source provides, all of it on this machine.
public struct Corpus: Sendable {
    public typealias Reader = @Sendable () throws -> any PassageReader

    /// Text or ready-made tokens.
    public enum Content: Sendable {
        /// Documents in order. Each call returns a reader that starts at the first; all readers return the same.
        case documents(Reader)
        /// Tokens made elsewhere.
        case tokens(ReadyTokens)
    }

    /// The files that are read, in order. With the source's knobs they decide its text.
    public var files: [SourceFile]
    public var content: Content
    /// Documents of the validation and test splits, if they have files of their own; the others are then all for
    /// training. A test split needs a validation split.
    public var validation: Reader?
    public var test: Reader?
    /// Warnings from gathering, such as a page that was skipped and why.
    public var notes: [String] = []
    /// Total bytes that a reader reads, if known, for progress; by default the sum of the file sizes.
    public var bytes: Int?

    public init(files: [SourceFile], bytes: Int? = nil, reader: @escaping Reader) {
        self.files = files
        self.bytes = bytes
        content = .documents(reader)
    }

    public init(files: [SourceFile], tokens: ReadyTokens) {
        self.files = files
        content = .tokens(tokens)
    }

    /// - Throws: ``DataError`` if the source holds tokens, or a file cannot be opened.
    public func reader() throws -> any PassageReader {
        switch content {
        case .documents(let reader): return try reader()
        case .tokens:
            throw DataError(files.first?.path ?? "source", "holds tokens, but text is needed; use a source of text")
        }
    }
}

/// Token files made elsewhere, for training and optionally for validation.
public struct ReadyTokens: Sendable {
    /// A contiguous range of little-endian ids in a file.
    public struct Run: Sendable, Hashable {
        public var path: String
        /// Byte offset of the first id.
        public var offset: Int
        public var count: Int
        /// Bytes per id.
        public var width: TokenSequence.Width

        public init(path: String, offset: Int, count: Int, width: TokenSequence.Width) {
            self.path = path
            self.offset = offset
            self.count = count
            self.width = width
        }
    }

    /// All tokens, or the training tokens if there are separate validation tokens.
    public var training: [Run]
    /// Empty if validation is split off from `training`.
    public var validation: [Run]

    public init(training: [Run], validation: [Run] = []) {
        self.training = training
        self.validation = validation
    }
}

extension DataSource {
    public static var kind: Kind<any DataSource> { .dataSource }
    public var product: any DataSource { self }
    /// Unknown by default.
    public var knownLanguage: (any KnownLanguage)? { nil }
    /// Several by default.
    public var documentLayout: DocumentLayout { .several }
}

extension Kind where Product == any DataSource {
    public static var dataSource: Self { Self("source", place: "data.source", summary: "Where text comes from.") }
}
