public import LatheComponents
public import LatheSpec

/// The text of web pages, each a document.
public struct WebSource: DataSource {
    /// How much of a page is its text.
    public enum Content: String, Choice {
        /// What reader views show.
        case main
        /// All but navigation, footers, asides and controls.
        case all
    }

    /// What becomes of a page that cannot be had.
    public enum Failing: String, Choice {
        /// It is an error.
        case error
        /// It is left out, and told.
        case skip
    }

    /// The knobs of `web`.
    public struct Config: ComponentConfig {
        /// The pages.
        @Field("The pages' addresses, a list or one of them.", orSingle: true) public var urls: [String] = []
        /// More of them.
        @Field("A file with more of them, one a line; lines that begin with # are notes.") public var list: SpecPath?
        /// How much of them.
        @Field(
            "What of a page is its text: main is what a reader came for, all leaves out navigation, footers and asides only."
        )
        public var content = Content.main
        /// What is kept of them.
        @Field(
            "Only these elements, by tag, class or id: article, .post, '#content', div.entry; the whole page if empty.",
            orSingle: true)
        public var select: [String] = []
        /// What is not.
        @Field("Elements to leave out, by tag, class or id.", orSingle: true) public var drop: [String] = []
        /// The page's title.
        @Field("Whether the page's title leads its text; a heading that repeats it is left out if not.") public
            var title = false
        /// Pages that fail.
        @Field("What becomes of a page that cannot be had: error, or skip, which tells it and leaves it out.")
        public var failing = Failing.error
        /// How long pages are kept.
        @Field(
            "Seconds for which a page that was fetched is used without asking; then it is fetched again if it has changed.",
            in: 0...1e9, identity: false) public var maximumAge = 86400.0
        /// How pages are asked for.
        @Field("Who asks; robots.txt files mean the first word of it.", identity: false) public var userAgent =
            "lathe/1.0"
        /// Manners.
        @Field(
            "Seconds between two requests to a host; a longer Crawl-delay of its robots.txt counts.", in: 0...3600,
            identity: false)
        public var delay = 1.0
        /// Patience.
        @Field("Seconds that a page may take.", in: 0.1...3600, identity: false) public var timeout = 60.0
        /// Retries.
        @Field("How often a request that fails for the moment is made again.", in: 0...20, identity: false) public
            var retries = 3
        /// The pause before a retry.
        @Field("Seconds before the first retry; each pause after it is twice as long.", in: 0...3600, identity: false)
        public var retryDelay = 1.0
        /// The longest pause.
        @Field("The longest pause in seconds that a server's Retry-After is granted.", in: 0...86400, identity: false)
        public var longestWait = 120.0
        /// Redirects.
        @Field("The most redirects from one address.", in: 0...50, identity: false) public var redirects = 5
        /// Size.
        @Field("The most bytes of a page.", in: 1...PageText.sizeLimit, identity: false) public var sizeLimit =
            10_000_000
        /// The licence.
        @Field("The licence of the text, for the data card.", identity: false) public var license: String?

        /// No pages yet.
        public init() {}

        /// Addresses and selectors must be such.
        public func check(_ problems: inout Problems) {
            if urls.isEmpty, list == nil {
                problems.error("there are no pages; give urls, or a list with them", at: $urls.mark)
            }
            for url in urls where WebAddress(url) == nil {
                problems.error(Self.wrongAddress(url), at: $urls.mark)
            }
            for (text, mark) in select.map({ ($0, $select.mark) }) + drop.map({ ($0, $drop.mark) })
            where HTMLSelector(text) == nil {
                problems.error(
                    "'\(text)' is no element: give a tag, .class or #id, or several together, as in div.entry", at: mark
                )
            }
            guard let first = userAgent.unicodeScalars.first, first.properties.isAlphabetic, first.isASCII,
                !userAgent.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value > 0x7e })
            else {
                problems.error("user_agent must begin with a name, as in 'lathe/1.0'", at: $userAgent.mark)
                return
            }
        }

        static func wrongAddress(_ text: String) -> String {
            "'\(text)' is no address of a page: a whole http or https URL is needed, without a password"
        }
    }

    /// What a spec's `type` says.
    public static let name = "web"
    /// What it is.
    public static let summary = "The text of web pages, fetched with manners and kept; each is a document."

    private let config: Config

    /// The pages of a spec.
    public init(_ config: Config) { self.config = config }

    /// Whether the list can be read and has addresses in it.
    public func validate(in context: ExperimentContext) -> [Diagnostic] {
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
            guard let bytes = wholeFile(list.resolved), let text = String(validating: bytes, as: UTF8.self) else {
                throw DataError(list.resolved, "cannot be read as text; a file with an address on each line is needed")
            }
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let line = trimmed(line)
                if line.isEmpty || line.hasPrefix("#") { continue }
                guard let address = WebAddress(line) else {
                    throw DataError(list.resolved, "line \(number + 1): \(Config.wrongAddress(line))")
                }
                found.append(address)
            }
            if found.isEmpty { throw DataError(list.resolved, "has no addresses in it; give one on each line") }
        }
        return found
    }

    private var options: ExtractionOptions {
        ExtractionOptions(
            content: config.content == .main ? .main : .all, select: config.select.compactMap { HTMLSelector($0) },
            drop: config.drop.compactMap { HTMLSelector($0) }, keepsTitle: config.title)
    }

    /// Fetches the pages, one after the other, and writes their text into files.
    ///
    /// - Throws: ``DataError`` with the address of a page that cannot be had, unless it is to be left out.
    public func gather(_ context: SourceContext) throws -> Corpus {
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
            throw DataError("the pages of web", "none of them can be had: \(leftOut.joined(separator: "; "))")
        }
        var corpus = Corpus(files: files) { [files] in FetchedText(files) }
        corpus.notes = leftOut.map { "left out \($0)" }
        return corpus
    }

    /// Whether a text names elements as `select` and `drop` want it.
    public static func isElement(_ text: String) -> Bool { HTMLSelector(text) != nil }

    /// Whether a text is the address of a page.
    public static func isAddress(_ text: String) -> Bool { WebAddress(text) != nil }

    /// The text of a page that is here already, with the knobs of this source.
    ///
    /// - Parameter place: what messages call it.
    /// - Throws: ``DataError`` where the page is nested deeper, or has more parts, than any that people write.
    public func text(ofPage bytes: [UInt8], place: String) throws(DataError) -> String {
        try PageText(bytes, place: place, declared: nil, options: options).text
    }

    /// The text of a page, as a file that is named after what is in it.
    private func file(_ address: WebAddress, _ fetcher: PageFetcher, _ context: SourceContext) throws -> SourceFile {
        let (record, body) = try fetcher.page(address)
        let text: String
        if record.mediaType == "text/plain" {
            let characters = CharacterSet.detect(body, declared: record.characterSet).decode(body)
            text = String(decoding: characters, as: UTF8.self)
        } else {
            do throws(DataError) {
                text = try PageText(
                    body, place: address.description, declared: record.characterSet, options: options
                ).text
            } catch { throw WebFailure(url: error.place, reason: error.message) }
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw WebFailure(
                url: address.description,
                reason: config.select.isEmpty
                    ? "has no text; leave it out, or try content: all"
                    : "has none of the elements of select, or no text in them")
        }
        let bytes = Array(text.utf8)
        let path = "\(context.folder)/\(Self.name)/text/\(hexadecimalSHA256(bytes)).txt"
        if wholeFile(path) != bytes { try replaceFile(path, with: bytes) }
        return SourceFile(path, origin: address.description, license: config.license)
    }
}
