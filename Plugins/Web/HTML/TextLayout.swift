/// Renders parts of a page as plain text in reading order: paragraphs are separated by an empty line, list items start
/// with "- ", and cells of a row are separated by " | ".
struct TextLayout {
    private let tree: HTMLTree
    private let hidden: [Bool]
    private let measures: TextMeasures
    private var out: [UInt8] = []
    /// Line breaks to write before the next character.
    private var breaks = 0
    private var wantsSpace = false
    /// To write before the next character: a list marker or a cell separator.
    private var prefix: [UInt8] = []
    private var listDepth = 0
    private var preformattedDepth = 0
    private var cellsInRow = 0
    private var rowHasBlocks = false

    init(_ tree: HTMLTree, hidden: [Bool], measures: TextMeasures) {
        self.tree = tree
        self.hidden = hidden
        self.measures = measures
    }

    /// Every line ends with a newline.
    mutating func text(of roots: [Int]) -> String {
        for root in roots {
            breaks = 2
            write(root)
        }
        while let last = out.last, last <= 0x20 { out.removeLast() }
        if !out.isEmpty { out.append(0x0a) }
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func write(_ root: Int) {
        var open: [Int] = []
        var node = root
        while node < tree.end(root) {
            while let last = open.last, tree.end(last) <= node {
                close(last)
                open.removeLast()
            }
            if hidden[node] {
                node = tree.end(node)
                continue
            }
            if tree.tag(node) == .text {
                if preformattedDepth > 0 { writeVerbatim(tree.bytes(node)) } else { writeFlowing(tree.bytes(node)) }
            } else {
                begin(node)
                open.append(node)
            }
            node += 1
        }
        while let last = open.popLast() { close(last) }
    }

    private mutating func begin(_ node: Int) {
        let tag = tree.tag(node)
        switch tag {
        case .br:
            breaks = min(2, breaks + 1)
            wantsSpace = false
        case .q: writeFlowing(ArraySlice("\"".utf8))
        case .ul, .ol, .menu, .dir:
            separate(listDepth > 0 ? 1 : 2)
            listDepth += 1
        case .li:
            separate(1)
            prefix = [UInt8](repeating: 0x20, count: 2 * max(0, min(listDepth, 16) - 1)) + [0x2d, 0x20]
        case .tr:
            separate(1)
            cellsInRow = 0
            rowHasBlocks = tree.children(node).contains { cell in
                tree.children(cell).contains { measures[$0].isBlock && !hidden[$0] }
            }
        case .td, .th:
            if rowHasBlocks { separate(1) } else if cellsInRow > 0 { prefix += Array(" | ".utf8) }
            cellsInRow += 1
        case .pre:
            separate(2)
            preformattedDepth += 1
        default: separate(Self.distance(tag))
        }
    }

    private mutating func close(_ node: Int) {
        let tag = tree.tag(node)
        switch tag {
        case .br, .td, .th: break
        case .q: writeFlowing(ArraySlice("\"".utf8))
        case .ul, .ol, .menu, .dir:
            listDepth -= 1
            separate(listDepth > 0 ? 1 : 2)
        case .li, .tr:
            // Drop the marker of an empty item and separators of empty cells.
            prefix = []
            separate(1)
        case .pre:
            preformattedDepth -= 1
            separate(2)
        default: separate(Self.distance(tag))
        }
    }

    /// Line breaks between an element and its neighbours: 1 starts a new line, 2 leaves an empty line.
    private static func distance(_ tag: HTMLTag) -> Int {
        if tag.isInline { return 0 }
        switch tag {
        case .p, .h1, .h2, .h3, .h4, .h5, .h6, .blockquote, .table, .caption, .dl, .figure, .section, .article, .main,
            .header, .footer, .aside, .nav, .hr, .form, .fieldset, .address, .details, .hgroup:
            return 2
        default: return 1
        }
    }

    private mutating func separate(_ lines: Int) {
        guard lines > 0 else { return }
        breaks = max(breaks, lines)
        wantsSpace = false
    }

    private mutating func lead() {
        if breaks > 0, !out.isEmpty {
            while out.last == 0x20 { out.removeLast() }
            out.append(contentsOf: repeatElement(0x0a, count: breaks))
        } else if wantsSpace, let last = out.last, last > 0x20, prefix.isEmpty {
            out.append(0x20)
        }
        out.append(contentsOf: prefix)
        breaks = 0
        wantsSpace = false
        prefix = []
    }

    private mutating func writeFlowing(_ text: ArraySlice<UInt8>) {
        var at = text.startIndex
        while at < text.endIndex {
            let byte = text[at]
            if byte <= 0x20 {
                wantsSpace = true
                at += 1
                continue
            }
            let (replacement, length) = Self.replacement(text, at)
            at += length
            if let replacement {
                if replacement == [0x20] {
                    wantsSpace = true
                } else if !replacement.isEmpty {
                    lead()
                    out.append(contentsOf: replacement)
                }
            } else {
                if breaks > 0 || wantsSpace || !prefix.isEmpty { lead() }
                out.append(contentsOf: text[(at - length)..<at])
            }
        }
    }

    private mutating func writeVerbatim(_ text: ArraySlice<UInt8>) {
        for byte in text where byte != 0x0d {
            if byte == 0x0a {
                // The first line may begin after the element, and the last one end before its end.
                if breaks == 0 || preformattedLines { breaks += 1 }
            } else {
                lead()
                out.append(byte)
            }
        }
    }

    /// Whether preformatted lines have been written since the last block, so that empty ones count.
    private var preformattedLines: Bool { breaks != 2 }

    /// The replacement for a character that does not belong in text: a no-break space, an invisible character, or a
    /// control from U+0080 to U+009F, which pages mean as windows-1252. Nil for all others.
    private static func replacement(_ text: ArraySlice<UInt8>, _ at: Int) -> (bytes: [UInt8]?, length: Int) {
        let byte = text[at]
        func second() -> UInt8 { at + 1 < text.endIndex ? text[at + 1] : 0 }
        func third() -> UInt8 { at + 2 < text.endIndex ? text[at + 2] : 0 }
        switch byte {
        case 0..<0x80: return (nil, 1)
        case 0xc2:
            switch second() {
            case 0xa0: return ([0x20], 2)
            case 0xad: return ([], 2)
            case 0x80...0x9f: return (Array(windows1252[Int(second() - 0x80)].utf8), 2)
            default: return (nil, 2)
            }
        case 0xc3..<0xe0: return (nil, min(2, text.endIndex - at))
        case 0xe2 where second() == 0x80 && (third() == 0x8b || third() == 0x8e || third() == 0x8f): return ([], 3)
        case 0xef where second() == 0xbb && third() == 0xbf: return ([], 3)
        case 0xe0..<0xf0: return (nil, min(3, text.endIndex - at))
        default: return (nil, min(4, text.endIndex - at))
        }
    }

    private static let windows1252 = Array(
        "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ"
    ).map(
        String.init)
}
