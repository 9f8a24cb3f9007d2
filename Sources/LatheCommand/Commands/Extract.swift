import ArgumentParser
import LatheComponents
import LatheData
import LatheResults
import LatheWeb

struct Extract: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the text of a web page, as the 'web' source extracts it.",
        discussion: """
            A page is an HTML file, '-' for standard input, or an http or https URL, which is fetched and cached as the
            source does.
              lathe extract page.html
              lathe extract https://example.org/ --select article --drop .note
            """)

    @Argument(help: ArgumentHelp("The page.", valueName: "file|url"))
    var page: String
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Extract only these elements, by tag, class or id; may be repeated.", valueName: "element"))
    var select: [String] = []
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Leave out these elements, by tag, class or id; may be repeated.", valueName: "element"))
    var drop: [String] = []
    @Flag(help: "Extract all of the page except navigation, footers and asides, not only the main content.")
    var all = false
    @Flag(help: "Print the page's title first.")
    var title = false

    private var isAddress: Bool {
        let start = page.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }

    func validate() throws {
        for element in select + drop where !WebSource.isElement(element) {
            throw ValidationError(
                "'\(element)' is not an element selector: give a tag, .class, #id or a combination such as div.entry")
        }
        guard !isAddress || WebSource.isAddress(page) else {
            throw ValidationError(
                "'\(page)' is not a valid page URL: give a full http or https URL without a password")
        }
    }

    func run() throws {
        var config = WebSource.Config()
        if isAddress { config.urls = [page] }
        config.select = select
        config.drop = drop
        config.content = all ? .all : .main
        config.title = title
        let source = WebSource(config)
        guard isAddress else {
            let bytes = try Console.input(page)
            let place = page == "-" ? "standard input" : page
            let text: String
            do { text = try source.text(ofPage: bytes, place: place) } catch let error as EmptyPage {
                Console.error("error: \(error)")
                throw Finished(code: 1)
            }
            return Console.output(text)
        }
        let display = PreparationDisplay(isQuiet: false)
        let corpus: Corpus
        do {
            defer { display.clear() }
            corpus = try source.gather(
                SourceContext(folder: try DataCache.standard().root + "/sources") {
                    display.show(PreparationProgress(.gathering, activity: $0.activity))
                })
        }
        var reader = try corpus.reader()
        try reader.forEach { Console.output($0.text) }
    }
}
