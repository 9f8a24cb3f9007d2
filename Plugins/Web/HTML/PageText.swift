import LatheComponents
import LatheSpec

struct ExtractionOptions: Sendable {
    var content = PageParts.main
    /// If not empty, only these elements are used: all that is visible in them, wherever they are.
    var select: [HTMLSelector] = []
    /// Elements to leave out.
    var drop: [HTMLSelector] = []
    /// Whether the text begins with the page's title.
    var keepsTitle = false

    init(_ content: PageParts, select: [String], drop: [String], keepsTitle: Bool) {
        self.content = content
        self.select = select.compactMap { HTMLSelector($0) }
        self.drop = drop.compactMap { HTMLSelector($0) }
        self.keepsTitle = keepsTitle
    }

    static func check(_ selectors: [String], at mark: Mark?, _ problems: inout Problems) {
        for text in selectors where HTMLSelector(text) == nil {
            problems.error(
                "'\(text)' is not an element selector: give a tag, .class, #id or a combination such as div.entry",
                at: mark)
        }
    }
}

struct PageText: Sendable {
    /// From `<title>`, or the title meant for sharing.
    let title: String
    /// The address that the page sends its readers on to at once (`meta refresh`).
    let target: String?
    /// Every line ends with a newline; empty if the page has no text.
    let text: String

    /// Maximum size of a page in bytes.
    static let sizeLimit = 64 << 20

    private static let otherKinds: [([UInt8], String)] = [
        (Array("%PDF-".utf8), "a PDF"), ([0x50, 0x4b, 0x03, 0x04], "a zip archive"), ([0x1f, 0x8b], "a gzip file"),
        ([0x89, 0x50, 0x4e, 0x47], "an image"), ([0xff, 0xd8, 0xff], "an image"), (Array("GIF8".utf8), "an image"),
    ]

    /// Why a page has no text to train on; nil if it has some.
    ///
    /// - Parameter options: those that the text was extracted with.
    func emptyReason(_ options: ExtractionOptions) -> String? {
        // A page that sends its readers on says little more than so.
        if let target, text.utf8.count < 500 {
            return "only sends its readers on to '\(target)' (meta refresh); give that address"
        }
        guard !text.contains(where: { !$0.isWhitespace }) else { return nil }
        return options.select.isEmpty
            ? "has no text; remove it, or try content: all" : "has no text in elements that match select"
    }

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
        for (magic, kind) in Self.otherKinds where page.starts(with: magic) {
            throw DataError(place, "is \(kind), not an HTML page, whatever its name or server says; remove it")
        }
        let characters = CharacterSet.detect(page, declared: declared).decode(page)
        let tree = try HTMLParser.parse(characters, place: place)
        title = Self.title(tree)
        target = Self.refreshTarget(tree)
        let content = PageContent(tree, title: options.keepsTitle ? "" : title, options: options)
        let measures = TextMeasures(tree, hidden: content.hidden)
        var layout = TextLayout(tree, hidden: content.hidden, measures: measures)
        let body = layout.text(of: content.roots)
        // Add the title only if the text does not begin with it already.
        let leads = options.keepsTitle && !title.isEmpty && !body.lowercased().hasPrefix(title.lowercased())
        text = leads ? title + (body.isEmpty ? "\n" : "\n\n" + body) : body
    }

    /// `<meta http-equiv="refresh" content="0; url=…">`, with a delay of at most ten seconds.
    private static func refreshTarget(_ tree: HTMLTree) -> String? {
        for node in 1..<max(1, tree.count) where tree.tag(node) == .meta {
            guard tree.attribute(.httpEquiv, of: node)?.lowercased() == "refresh",
                let content = tree.attribute(.content, of: node),
                let start = content.lowercased().firstRange(of: "url=")?.upperBound
            else { continue }
            let delay = Double(content.prefix { $0.isNumber || $0 == "." || $0 == " " }.filter { $0 != " " }) ?? 0
            let length = content.lowercased().distance(from: content.lowercased().startIndex, to: start)
            let target = content.dropFirst(length).filter { $0 != "'" && $0 != "\"" && !$0.isWhitespace }
            if delay <= 10, !target.isEmpty { return String(target) }
        }
        return nil
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
