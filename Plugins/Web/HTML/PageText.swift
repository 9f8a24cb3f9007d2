import LatheComponents

/// What of a page is wanted.
struct ExtractionOptions: Sendable {
    /// How much of a page is its text.
    enum Content: String, CaseIterable, Sendable {
        /// The part that a reader came for: what reader views show.
        case main
        /// All but navigation, footers, asides and controls.
        case all
    }

    var content = Content.main
    /// Only these elements, whatever is around them, and all that can be seen of them.
    var select: [HTMLSelector] = []
    /// Not these.
    var drop: [HTMLSelector] = []
    /// Whether the page's title leads the text.
    var keepsTitle = false
}

/// The text of a web page.
struct PageText: Sendable {
    /// What its `<title>` says, or the title that it has for sharing.
    let title: String
    /// The text, each line ended; empty where there is none.
    let text: String

    /// The most bytes of a page.
    static let sizeLimit = 64 << 20

    /// The text of a page in HTML.
    ///
    /// - Parameters:
    ///   - place: what messages call the page.
    ///   - declared: the character set that its `Content-Type` names, if any.
    /// - Throws: ``DataError`` where the page is nested deeper, or has more parts, than any that people write.
    init(_ page: [UInt8], place: String, declared: String?, options: ExtractionOptions) throws(DataError) {
        guard page.count <= Self.sizeLimit else {
            throw DataError(place, "has \(page.count) bytes; a page of more than \(Self.sizeLimit) is not parsed")
        }
        let characters = CharacterSet.detect(page, declared: declared).decode(page)
        let tree = try HTMLParser.parse(characters, place: place)
        title = Self.title(tree)
        let content = PageContent(tree, title: options.keepsTitle ? "" : title, options: options)
        let measures = TextMeasures(tree, hidden: content.hidden)
        var layout = TextLayout(tree, hidden: content.hidden, measures: measures)
        let body = layout.text(of: content.roots)
        // Where no heading says it, the title itself leads.
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
