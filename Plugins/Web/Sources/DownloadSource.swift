package import LatheComponents
package import LatheSpec
import LatheSystem

/// A text file from a URL, verified and cached.
package struct DownloadSource: DataSource {
    package struct Config: ComponentConfig {
        @Field("URL of the file: UTF-8 text, optionally compressed by gzip.") package var url: String
        @Field("Expected SHA-256 of the file as downloaded; verified before use.") package var sha256: String
        @Field("Seconds to connect, and the longest time without data.", in: 1...3600, identity: false)
        package var patience = 30.0
        @Field("Retries on transient failure.", in: 0...20, identity: false) package
            var retries = 5
        @Field("Seconds before the first retry; doubles with each further retry.", in: 0...3600, identity: false)
        package var retryDelay = 1.0
        @Field("Longest Retry-After of a server to honour, in seconds.", in: 0...86400, identity: false)
        package var longestWait = 300.0
        @Field("Maximum number of redirects.", in: 0...50, identity: false) package var redirects = 10
        @Field("Maximum size of the file in bytes.", in: 1...(1 << 50), identity: false) package var sizeLimit =
            100_000_000_000
        @Field("User-Agent.", identity: false) package var userAgent = "lathe/1.0"
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}

        package func check(_ problems: inout Problems) {
            if WebAddress(url) == nil {
                problems.error(
                    "'\(url)' is not a valid file URL: give a full http or https URL without a password",
                    at: $url.mark)
            }
            if sha256.utf8.count != 64 || !sha256.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
                problems.error(
                    "'\(sha256)' is not a SHA-256: give 64 hexadecimal digits, as printed by sha256sum",
                    at: $sha256.mark)
            }
        }
    }

    package static let name = "download"
    package static let summary = "A text file at a URL, verified by SHA-256 and cached; one document."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package var documentLayout: DocumentLayout { .one }

    /// The file, downloaded if necessary, and decompressed.
    ///
    /// - Throws: ``DataError`` if the file cannot be downloaded or written, or its SHA-256 differs.
    package func gather(_ context: SourceContext) throws -> Corpus {
        guard let address = WebAddress(config.url) else {
            throw DataError(config.url, "is not a valid file URL")
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
