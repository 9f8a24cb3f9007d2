import LatheSystem
package import LatheComponents
package import LatheSpec

/// What of a page is its text.
package enum PageParts: String, Choice {
    /// The main content, as shown by browsers' reader views.
    case main
    /// Everything except navigation, footers, asides and controls.
    case all
}

/// A page without text to train on.
package struct EmptyPage: Error, CustomStringConvertible {
    var place: String
    var reason: String

    package var description: String { "\(place): \(reason)" }
}

/// The text of web pages, one document per page.
package struct WebSource: DataSource {
    package typealias Content = PageParts

    package enum Failing: String, Choice {
        case error
        /// Leaves the page out, with a warning.
        case skip
    }

    package struct Config: ComponentConfig {
        @Field("URLs of the pages, one or a list.", orSingle: true) package var urls: [String] = []
        @Field("A file with more URLs, one per line; lines that begin with # are comments.") package var list: SpecPath?
        @Field(
            "What to extract: main content as in reader views, or all but navigation, footers, asides and controls."
        )
        package var content = Content.main
        @Field(
            "Elements to keep, by tag, class or id: article, .post, '#content', div.entry; empty for the whole page.",
            orSingle: true)
        package var select: [String] = []
        @Field("Elements to leave out, by tag, class or id.", orSingle: true) package var drop: [String] = []
        @Field("Whether the text begins with the page's title; if not, a heading that repeats it is dropped.") package
            var title = false
        @Field("If a page fails: error, or skip with a warning.")
        package var failing = Failing.error
        @Field(
            "Seconds for which a cached page is used without a request; after that it is refetched if it has changed.",
            in: 0...1e9, identity: false) package var maximumAge = 86400.0
        @Field("User-Agent; its first word is matched against robots.txt.", identity: false) package var userAgent =
            "lathe/1.0"
        @Field(
            "Seconds between two requests to a host; a longer Crawl-delay in robots.txt takes precedence.",
            in: 0...3600,
            identity: false)
        package var delay = 1.0
        @Field("Time limit per page in seconds.", in: 0.1...3600, identity: false) package var timeout = 60.0
        @Field("Retries on transient failure.", in: 0...20, identity: false) package
            var retries = 3
        @Field("Seconds before the first retry; doubles with each further retry.", in: 0...3600, identity: false)
        package var retryDelay = 1.0
        @Field("Longest Retry-After of a server to honour, in seconds.", in: 0...86400, identity: false)
        package var longestWait = 120.0
        @Field("Maximum number of redirects per URL.", in: 0...50, identity: false) package var redirects = 5
        @Field("Maximum size of a page in bytes.", in: 1...PageText.sizeLimit, identity: false) package var sizeLimit =
            10_000_000
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}

        package func check(_ problems: inout Problems) {
            if urls.isEmpty, list == nil {
                problems.error("no pages are given; set urls or list", at: $urls.mark)
            }
            for url in urls where WebAddress(url) == nil {
                problems.error(Self.wrongAddress(url), at: $urls.mark)
            }
            ExtractionOptions.check(select, at: $select.mark, &problems)
            ExtractionOptions.check(drop, at: $drop.mark, &problems)
            guard let first = userAgent.unicodeScalars.first, first.properties.isAlphabetic, first.isASCII,
                !userAgent.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value > 0x7e })
            else {
                problems.error("user_agent must begin with a name, as in 'lathe/1.0'", at: $userAgent.mark)
                return
            }
        }

        static func wrongAddress(_ text: String) -> String {
            "'\(text)' is not a valid page URL: give a full http or https URL without a password"
        }
    }

    package static let name = "web"
    package static let summary = "The text of web pages, fetched politely and cached; one document per page."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    /// Checks that the list can be read and contains URLs.
    package func validate(in context: ExperimentContext) -> [Diagnostic] {
        do throws(DataError) {
            _ = try addresses()
            return []
        } catch {
            return [Diagnostic(error.description, at: config.list?.mark)]
        }
    }

    private func addresses() throws(DataError) -> [WebAddress] {
        var found = config.urls.compactMap { WebAddress($0) }
        if let list = config.list {
            guard let bytes = DurableFile.bytes(list.resolved), let text = String(validating: bytes, as: UTF8.self)
            else {
                throw DataError(list.resolved, "cannot be read as text; give a file with one URL per line")
            }
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let line = trimmed(line)
                if line.isEmpty || line.hasPrefix("#") { continue }
                guard let address = WebAddress(line) else {
                    throw DataError(list.resolved, "line \(number + 1): \(Config.wrongAddress(line))")
                }
                found.append(address)
            }
            if found.isEmpty { throw DataError(list.resolved, "contains no URLs; give one per line") }
        }
        return found
    }

    private var options: ExtractionOptions {
        ExtractionOptions(config.content, select: config.select, drop: config.drop, keepsTitle: config.title)
    }

    /// Fetches the pages in order and writes their text into files.
    ///
    /// - Throws: ``DataError`` with the URL of the page that failed, unless `failing` is `skip`.
    package func gather(_ context: SourceContext) throws -> Corpus {
        let addresses = try addresses()
        var activity = SourceProgress("fetching pages")
        let client = WebClient(
            WebManners(
                userAgent: config.userAgent, delay: config.delay, timeLimit: config.timeout,
                redirectLimit: config.redirects, retries: config.retries, retryDelay: config.retryDelay,
                longestWait: config.longestWait),
            tick: { try context.report(activity) })
        let fetcher = PageFetcher(
            client, store: PageStore(context.folder + "/\(Self.name)/pages"), maximumAge: config.maximumAge,
            sizeLimit: config.sizeLimit)
        var files: [SourceFile] = []
        var seen: Set<WebAddress> = []
        var leftOut: [String] = []
        for (number, address) in addresses.enumerated() where seen.insert(address).inserted {
            activity.activity = "page \(number + 1) of \(addresses.count), \(address)"
            do {
                files.append(try file(address, fetcher, context))
            } catch let failure as WebFailure {
                let error = DataError(failure.url, failure.reason)
                guard config.failing == .skip else { throw error }
                leftOut.append(error.description)
            }
        }
        guard !files.isEmpty else {
            throw DataError("the pages of web", "none could be fetched: \(leftOut.joined(separator: "; "))")
        }
        var corpus = Corpus(files: files) { [files] in FetchedText(files) }
        corpus.notes = leftOut.map { "skipped \($0)" }
        return corpus
    }

    /// Whether `text` is a valid value of `select` and `drop`.
    package static func isElement(_ text: String) -> Bool { HTMLSelector(text) != nil }

    package static func isAddress(_ text: String) -> Bool { WebAddress(text) != nil }

    /// The text of a page that was fetched already, extracted with this source's settings.
    ///
    /// - Parameter place: the page's name in messages.
    /// - Throws: ``DataError`` if the page is too large, nested too deep or has too many elements; ``EmptyPage`` if it
    ///   has no text.
    package func text(ofPage bytes: [UInt8], place: String) throws -> String {
        let page = try PageText(bytes, place: place, declared: nil, options: options)
        if let reason = page.emptyReason(options) { throw EmptyPage(place: place, reason: reason) }
        return page.text
    }

    /// The text of a page, in a file named after the SHA-256 of that text.
    private func file(_ address: WebAddress, _ fetcher: PageFetcher, _ context: SourceContext) throws -> SourceFile {
        let (record, body) = try fetcher.page(address)
        let text: String
        if record.mediaType == "text/plain" {
            let characters = CharacterSet.detect(body, declared: record.characterSet).decode(body)
            text = String(decoding: characters, as: UTF8.self)
        } else {
            do {
                let page = try PageText(
                    body, place: address.description, declared: record.characterSet, options: options)
                if let reason = page.emptyReason(options) {
                    throw WebFailure(url: address.description, reason: reason)
                }
                text = page.text
            } catch let error as DataError { throw WebFailure(url: error.place, reason: error.message) }
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw WebFailure(url: address.description, reason: "has no text; remove it")
        }
        let bytes = Array(text.utf8)
        let path = "\(context.folder)/\(Self.name)/text/\(SHA256.hexadecimal(of: bytes)).txt"
        if DurableFile.bytes(path) != bytes { try replaceFile(path, with: bytes) }
        return SourceFile(path, origin: address.description, license: config.license)
    }
}
