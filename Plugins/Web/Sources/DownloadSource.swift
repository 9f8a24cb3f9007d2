public import LatheComponents
public import LatheSpec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A text file at an address, verified and kept.
public struct DownloadSource: DataSource {
    /// The knobs of `download`.
    public struct Config: ComponentConfig {
        /// Where it is.
        @Field("The file's address: text in UTF-8, which gzip may have compressed.") public var url: String
        /// What it must be.
        @Field("The SHA-256 of the file at that address, which it must have before it is used.") public var sha256:
            String
        /// Patience.
        @Field("Seconds in which nothing may arrive, and between two attempts to go on.", in: 1...3600, identity: false)
        public var patience = 30.0
        /// Retries.
        @Field("How often a request that fails for the moment is made again.", in: 0...20, identity: false) public
            var retries = 5
        /// The pause before a retry.
        @Field("Seconds before the first retry; each pause after it is twice as long.", in: 0...3600, identity: false)
        public var retryDelay = 1.0
        /// The longest pause.
        @Field("The longest pause in seconds that a server's Retry-After is granted.", in: 0...86400, identity: false)
        public var longestWait = 300.0
        /// Redirects.
        @Field("The most redirects.", in: 0...50, identity: false) public var redirects = 10
        /// Size.
        @Field("The most bytes of the file.", in: 1...(1 << 50), identity: false) public var sizeLimit = 100_000_000_000
        /// Who asks.
        @Field("Who asks.", identity: false) public var userAgent = "lathe/1.0"
        /// The licence.
        @Field("The licence of the text, for the data card.", identity: false) public var license: String?

        /// No file yet.
        public init() {}

        /// An address, and 64 hexadecimal digits.
        public func check(_ problems: inout Problems) {
            if WebAddress(url) == nil {
                problems.error(
                    "'\(url)' is no address of a file: a whole http or https URL is needed, without a password",
                    at: $url.mark)
            }
            if sha256.utf8.count != 64 || !sha256.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
                problems.error(
                    "'\(sha256)' is no SHA-256: 64 hexadecimal digits are needed, as sha256sum prints them",
                    at: $sha256.mark)
            }
        }
    }

    /// What a spec's `type` says.
    public static let name = "download"
    /// What it is.
    public static let summary = "A text file at a URL, verified by its SHA-256 and kept; one document."

    private let config: Config

    /// The file of a spec.
    public init(_ config: Config) { self.config = config }

    /// The file, fetched if it is not there yet, and uncompressed.
    ///
    /// - Throws: ``DataError`` where it cannot be had or kept, or is another than its SHA-256 says.
    public func gather(_ context: SourceContext) throws -> Corpus {
        guard let address = WebAddress(config.url) else {
            throw DataError(config.url, "is no address of a file")
        }
        let sha256 = config.sha256.lowercased()
        let name = address.description.split(separator: "/").last ?? ""
        let activity = "downloading \(name)"
        let client = WebClient(
            WebManners(
                userAgent: config.userAgent, delay: config.retryDelay, timeLimit: nil, redirectLimit: config.redirects,
                retries: config.retries, retryDelay: config.retryDelay, longestWait: config.longestWait,
                patience: config.patience), tick: { try context.report(SourceProgress(activity)) })
        let download = Download(
            address, sha256: sha256, sizeLimit: config.sizeLimit, client: client,
            folder: "\(context.folder)/\(Self.name)"
        ) { done, total in
            try context.report(SourceProgress(activity, done: done, total: total))
        }
        let path = try download.run { file in try Gzip.uncompressed(file, tick: client.tick) }
        let file = SourceFile(path, origin: address.description, license: config.license)
        return Corpus(files: [file]) { FetchedText([file]) }
    }
}
