import ArgumentParser
import LatheComponents
import LatheData
import LatheResults
import LatheWeb

/// `lathe extract`
struct Extract: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the text of a web page, as the source 'web' reads it.",
        discussion: """
            A page is a file in HTML, '-' for standard input, or an http or https URL, which is fetched with the source's manners and kept.
              lathe extract page.html
              lathe extract https://example.org/ --select article --drop .note
            """)

    @Argument(help: ArgumentHelp("The page.", valueName: "file|url"))
    var page: String
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Only these elements, by tag, class or id; may be repeated.", valueName: "element"))
    var select: [String] = []
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Elements to leave out, by tag, class or id; may be repeated.", valueName: "element"))
    var drop: [String] = []
    @Flag(help: "All of the page but navigation, footers and asides, rather than what reader views show.")
    var all = false
    @Flag(help: "The page's title first.")
    var title = false

    private var isAddress: Bool {
        let start = page.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }

    func validate() throws {
        for element in select + drop where !WebSource.isElement(element) {
            throw ValidationError(
                "'\(element)' is no element: give a tag, .class or #id, or several together, as in div.entry")
        }
        guard !isAddress || WebSource.isAddress(page) else {
            throw ValidationError(
                "'\(page)' is no address of a page: a whole http or https URL is needed, without a password")
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
            return Console.output(try source.text(ofPage: bytes, place: place))
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
