import LatheComponents

struct ExtractionOptions: Sendable {
    enum Content: String, CaseIterable, Sendable {
        /// The main content, as shown by browsers' reader views.
        case main
        /// Everything except navigation, footers, asides and controls.
        case all
    }

    var content = Content.main
    /// If not empty, only these elements are used: all that is visible in them, wherever they are.
    var select: [HTMLSelector] = []
    /// Elements to leave out.
    var drop: [HTMLSelector] = []
    /// Whether the text begins with the page's title.
    var keepsTitle = false
}

struct PageText: Sendable {
    /// From `<title>`, or the title meant for sharing.
    let title: String
    /// Every line ends with a newline; empty if the page has no text.
    let text: String

    /// Maximum size of a page in bytes.
    static let sizeLimit = 64 << 20

    /// Extracts the text of an HTML page.
    ///
    /// - Parameters:
    ///   - place: the page's name in messages.
    ///   - declared: the character set from `Content-Type`, if any.
    /// - Throws: ``DataError`` if the page is too large, nested too deep or has too many elements.
    init(_ page: [UInt8], place: String, declared: String?, options: ExtractionOptions) throws(DataError) {
        guard page.count <= Self.sizeLimit else {
            throw DataError(place, "has \(page.count) bytes; the limit for a page is \(Self.sizeLimit)")
        }
        let characters = CharacterSet.detect(page, declared: declared).decode(page)
        let tree = try HTMLParser.parse(characters, place: place)
        title = Self.title(tree)
        let content = PageContent(tree, title: options.keepsTitle ? "" : title, options: options)
        let measures = TextMeasures(tree, hidden: content.hidden)
        var layout = TextLayout(tree, hidden: content.hidden, measures: measures)
        let body = layout.text(of: content.roots)
        // Add the title only if the text does not begin with it already.
        let leads = options.keepsTitle && !title.isEmpty && !body.lowercased().hasPrefix(title.lowercased())
        text = leads ? title + (body.isEmpty ? "\n" : "\n\n" + body) : body
    }

    private static func title(_ tree: HTMLTree) -> String {
        var title = ""
        for node in 1..<max(1, tree.count) {
            if tree.tag(node) == .title, title.isEmpty { title = tree.text(of: node) }
            if tree.tag(node) == .body { break }
            if tree.tag(node) == .meta, tree.attribute(.property, of: node) == "og:title",
                let content = tree.attribute(.content, of: node), !content.isEmpty
            {
                title = content
            }
        }
        return title.split { $0.isWhitespace }.joined(separator: " ")
    }
}
