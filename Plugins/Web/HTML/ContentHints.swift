/// What an element's class and id suggest about its content.
struct ContentHints: OptionSet, Sendable {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Typical of what surrounds the content.
    static let unlikely = ContentHints(rawValue: 1)
    /// May hold the content nevertheless.
    static let maybe = ContentHints(rawValue: 2)
    static let byline = ContentHints(rawValue: 4)
    static let sharing = ContentHints(rawValue: 8)
    static let positiveClass = ContentHints(rawValue: 16)
    static let negativeClass = ContentHints(rawValue: 32)
    static let positiveID = ContentHints(rawValue: 64)
    static let negativeID = ContentHints(rawValue: 128)

    /// Asks to allow cookies.
    static let consent = ContentHints(rawValue: 256)

    init(_ node: Int, of tree: HTMLTree) {
        self = []
        guard tree.hasAttributes(node) else { return }
        let names = (tree.attribute(.class, of: node) ?? "").lowercased()
        let id = (tree.attribute(.id, of: node) ?? "").lowercased()
        let rel = tree.attribute(.rel, of: node)
        if rel == "author" || tree.attribute(.itemprop, of: node)?.contains("author") == true { insert(.byline) }
        guard !names.isEmpty || !id.isEmpty else { return }
        let both = names + " " + id
        if Self.unlikelyWords.occurs(in: both) { insert(.unlikely) }
        if Self.consentWords.occurs(in: both) || Self.cookieWords.occurs(in: both) && Self.bannerWords.occurs(in: both)
        {
            insert(.consent)
        }
        if Self.maybeWords.occurs(in: both) { insert(.maybe) }
        if Self.bylineWords.occurs(in: both) { insert(.byline) }
        if both.split(whereSeparator: { !$0.isLetter }).contains(where: { $0 == "share" || $0 == "sharedaddy" }) {
            insert(.sharing)
        }
        if Self.isHidden(names) || Self.negativeWords.occurs(in: names) { insert(.negativeClass) }
        if Self.positiveWords.occurs(in: names) { insert(.positiveClass) }
        if Self.isHidden(id) || Self.negativeWords.occurs(in: id) { insert(.negativeID) }
        if Self.positiveWords.occurs(in: id) { insert(.positiveID) }
    }

    /// From -50 to 50: class and id each add or subtract 25.
    var weight: Double {
        (contains(.positiveClass) ? 25 : 0) - (contains(.negativeClass) ? 25 : 0)
            + (contains(.positiveID) ? 25 : 0) - (contains(.negativeID) ? 25 : 0)
    }

    private static func isHidden(_ names: String) -> Bool { names.split(separator: " ").contains("hid") }

    private static let unlikelyWords = WordList(
        "-ad-", "ad-break", "advert", "agegate", "banner", "breadcrumb", "combx", "comment", "community", "cookie",
        "cover-wrap", "disqus", "extra", "footer", "gdpr", "header", "legends", "menu", "modal", "newsletter", "pager",
        "pagination", "popup", "related", "remark", "replies", "rss", "shoutbox", "sidebar", "skyscraper", "social",
        "sponsor", "supplemental", "yom-remote", "ai2html")
    private static let consentWords = WordList("gdpr", "onetrust", "cookiebot", "usercentrics", "didomi", "truste")
    private static let cookieWords = WordList("cookie", "consent")
    private static let bannerWords = WordList(
        "alert", "banner", "bar", "consent", "dialog", "law", "message", "modal", "notice", "overlay", "popup",
        "prompt", "wall")
    private static let maybeWords = WordList("and", "article", "body", "column", "content", "main", "mathjax", "shadow")
    private static let bylineWords = WordList("byline", "author", "dateline", "writtenby")
    private static let positiveWords = WordList(
        "article", "blog", "body", "content", "entry", "main", "page", "post", "story", "text")
    private static let negativeWords = WordList(
        "-ad-", "banner", "com-", "combx", "comment", "contact", "footer", "gdpr", "hidden", "masthead", "media",
        "meta",
        "outbrain", "promo", "related", "scroll", "share", "shopping", "shoutbox", "sidebar", "skyscraper", "sponsor",
        "tags", "widget")
}

/// Lower-case words to search for as substrings.
private struct WordList: Sendable {
    /// Indexed by first byte.
    private var words = [[[UInt8]]](repeating: [], count: 128)

    init(_ list: String...) {
        for word in list {
            let bytes = Array(word.utf8)
            words[Int(bytes[0])].append(bytes)
        }
    }

    func occurs(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { text in
            for (at, byte) in text.enumerated() where byte < 128 {
                for word in words[Int(byte)] where at + word.count <= text.count {
                    if word.indices.allSatisfy({ text[at + $0] == word[$0] }) { return true }
                }
            }
            return false
        }
    }
}
