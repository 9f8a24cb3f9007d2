/// Selects the parts of a page that are its text.
struct PageContent {
    /// The elements that hold the text, in document order.
    private(set) var roots: [Int]
    /// Nodes to skip, with everything in them.
    private(set) var hidden: [Bool]

    /// If the content is shorter than this many characters, the search is repeated with looser rules.
    private static let enough = 500

    /// - Parameter title: a heading that repeats it is left out.
    init(_ tree: HTMLTree, title: String, options: ExtractionOptions) {
        let visible = PageVisibility(tree: tree).hidden(drop: options.drop)
        let body = (0..<tree.count).first { tree.tag($0) == .body } ?? 0
        if !options.select.isEmpty {
            roots = []
            hidden = visible
            var node = 1
            while node < tree.count {
                let isChosen = !hidden[node] && options.select.contains { $0.matches(node, of: tree) }
                if isChosen { roots.append(node) }
                node = isChosen || hidden[node] ? tree.end(node) : node + 1
            }
            return
        }
        let hints = (0..<tree.count).map { ContentHints($0, of: tree) }
        guard options.content == .main else {
            roots = [body]
            hidden = visible
            for node in 1..<tree.count where Self.isBoilerplate(node, tree) { hidden[node] = true }
            return
        }
        var base = Self.withoutHeadings(tree, visible, title: title, hints: hints)
        for node in 1..<tree.count where Self.isBoilerplate(node, tree) { base[node] = true }
        Self.hideConsent(tree, hints, &base)
        var best: (content: PageContent, length: Int)?
        for (isStrict, weighsNames, prunes) in [
            (true, true, true), (false, true, true), (false, false, true), (false, false, false),
        ] {
            var hidden = base
            if isStrict { Self.hideUnlikely(tree, hints, &hidden) }
            let scores = ContentScores(
                tree, hidden: hidden, measures: TextMeasures(tree, hidden: hidden), hints: hints,
                weighsNames: weighsNames)
            let roots = scores.content(in: body)
            if prunes {
                ContentPruning(tree: tree, hints: hints, weighsNames: weighsNames).prune(roots, hidden: &hidden)
            }
            let measures = TextMeasures(tree, hidden: hidden)
            let length = roots.reduce(0) { $0 + Int(measures[$1].characters) }
            if length > (best?.length ?? -1) { best = (PageContent(roots: roots, hidden: hidden), length) }
            if length >= Self.enough { break }
        }
        self = best?.content ?? PageContent(roots: [body], hidden: base)
    }

    private init(roots: [Int], hidden: [Bool]) {
        self.roots = roots
        self.hidden = hidden
    }

    private static let unlikelyRoles: Set = [
        "menu", "menubar", "complementary", "navigation", "alert", "alertdialog", "dialog", "search",
    ]

    private static func isBoilerplate(_ node: Int, _ tree: HTMLTree) -> Bool {
        switch tree.tag(node) {
        case .nav, .footer, .aside, .button, .dialog: true
        case .text: false
        default: tree.attribute(.role, of: node).map { unlikelyRoles.contains($0) } ?? false
        }
    }

    /// Hides questions for consent, however short the rest of the page is: a box named so with less than 2,000
    /// characters, or an unlikely one with less than 1,000 that speaks of cookies. Articles about cookies are longer.
    private static func hideConsent(_ tree: HTMLTree, _ hints: [ContentHints], _ hidden: inout [Bool]) {
        for node in 1..<tree.count where !hidden[node] {
            switch tree.tag(node) {
            case .text, .html, .body, .main, .article: continue
            default: break
            }
            let isNamed = hints[node].contains(.consent), isUnlikely = hints[node].contains(.unlikely)
            guard isNamed || isUnlikely else { continue }
            let text = tree.text(of: node)
            if isNamed && text.utf8.count < 2000
                || isUnlikely && text.utf8.count < 1000 && text.lowercased().contains("cookie")
            {
                hidden[node] = true
            }
        }
    }

    private static func hideUnlikely(_ tree: HTMLTree, _ hints: [ContentHints], _ hidden: inout [Bool]) {
        var protectedEnd = 0
        for node in 1..<tree.count {
            switch tree.tag(node) {
            case .table, .code: protectedEnd = max(protectedEnd, tree.end(node))
            case .body, .html, .a, .text: continue
            default: break
            }
            let isUnlikely = hints[node].contains(.unlikely) && !hints[node].contains(.maybe) && node >= protectedEnd
            if isUnlikely || tree.attribute(.role, of: node).map({ unlikelyRoles.contains($0) }) ?? false {
                hidden[node] = true
            }
        }
    }

    /// Hides the heading that repeats the title, and the byline.
    private static func withoutHeadings(
        _ tree: HTMLTree, _ hidden: [Bool], title: String, hints: [ContentHints]
    ) -> [Bool] {
        var hidden = hidden
        let words = Set(title.words)
        let measures = TextMeasures(tree, hidden: hidden)
        var foundTitle = words.isEmpty
        var foundByline = (0..<tree.count).contains {
            tree.tag($0) == .meta && tree.attribute(.name, of: $0)?.lowercased() == "author"
        }
        var node = 1
        while node < tree.count {
            if hidden[node] {
                node = tree.end(node)
                continue
            }
            if !foundByline, hints[node].contains(.byline), measures[node].characters > 0,
                measures[node].characters < 100
            {
                foundByline = true
                hidden[node] = true
            } else if !foundTitle, tree.tag(node) == .h1 || tree.tag(node) == .h2 {
                let heading = tree.text(of: node).words
                let length = heading.reduce(0) { $0 + $1.count + 1 }
                let others = heading.filter { !words.contains($0) }.reduce(0) { $0 + $1.count + 1 }
                if length > 0, others * 4 < length {
                    foundTitle = true
                    hidden[node] = true
                }
            }
            node += 1
        }
        return hidden
    }
}

extension HTMLTree {
    /// The raw text of an element.
    func text(of node: Int) -> String {
        var bytes: [UInt8] = []
        for child in node..<end(node) { bytes.append(contentsOf: self.bytes(child)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// Lower-case words, without punctuation and spaces.
    fileprivate var words: [String] {
        lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
