/// Counts for each element of a page, excluding hidden parts. Lengths are in characters, with runs of white space
/// counted once.
struct TextMeasures {
    struct Measure {
        var characters: Int32 = 0
        /// Characters in links, times ten; links within the page are weighted by 0.3.
        var linkTenths: Int32 = 0
        var commas: Int32 = 0
        var headingCharacters: Int32 = 0
        var listCharacters: Int32 = 0
        var paragraphs: Int32 = 0
        var items: Int32 = 0
        var images: Int32 = 0
        var inputs: Int32 = 0
        /// Whether it contains or is a block-level element.
        var isBlock = false
        /// Whether it contains a block typical of text: a paragraph, list, table or image.
        var hasTextBlock = false

        /// The fraction of characters in links.
        var linkDensity: Double { characters == 0 ? 0 : Double(linkTenths) / 10 / Double(characters) }

        static func += (sum: inout Measure, other: Measure) {
            sum.characters &+= other.characters
            sum.linkTenths &+= other.linkTenths
            sum.commas &+= other.commas
            sum.headingCharacters &+= other.headingCharacters
            sum.listCharacters &+= other.listCharacters
            sum.paragraphs &+= other.paragraphs
            sum.items &+= other.items
            sum.images &+= other.images
            sum.inputs &+= other.inputs
        }
    }

    private(set) var measures: [Measure]
    let tree: HTMLTree

    init(_ tree: HTMLTree, hidden: [Bool]) {
        self.tree = tree
        measures = Array(repeating: Measure(), count: tree.count)
        for node in stride(from: tree.count - 1, through: 1, by: -1) where !hidden[node] {
            finish(node)
            add(node)
        }
    }

    subscript(node: Int) -> Measure { measures[node] }

    /// Completes a node's measure after those of its children were added.
    mutating func finish(_ node: Int) {
        let tag = tree.tag(node)
        if tag == .text {
            measures[node] = Self.measure(tree.bytes(node))
            return
        }
        var own = measures[node]
        if !tag.isInline { own.isBlock = true }
        switch tag {
        case .a:
            own.linkTenths = own.characters * (tree.attribute(.href, of: node)?.hasPrefix("#") == true ? 3 : 10)
        case .h1, .h2, .h3, .h4, .h5, .h6: own.headingCharacters = own.characters
        case .ul, .ol: own.listCharacters = own.characters
        case .p: own.paragraphs += 1
        case .li: own.items += 1
        case .img: own.images += 1
        case .input, .textarea, .select, .button: own.inputs += 1
        case .div: if isParagraph(node, own) { own.paragraphs += 1 }
        default: break
        }
        measures[node] = own
    }

    /// Adds a node's measure to its parent's.
    mutating func add(_ node: Int) {
        let parent = tree.parent(node)
        measures[parent] += measures[node]
        if measures[node].isBlock { measures[parent].isBlock = true }
        if measures[node].hasTextBlock || Self.isTextBlock(tree.tag(node)) { measures[parent].hasTextBlock = true }
    }

    /// Whether a `div` serves as a paragraph: it has text but contains no text block.
    func isParagraph(_ node: Int) -> Bool { tree.tag(node) == .div && isParagraph(node, measures[node]) }

    private func isParagraph(_ node: Int, _ own: Measure) -> Bool {
        !own.hasTextBlock && own.characters > 0 && own.linkDensity < 0.25
    }

    private static func isTextBlock(_ tag: HTMLTag) -> Bool {
        switch tag {
        case .blockquote, .dl, .div, .img, .ol, .p, .pre, .table, .ul: true
        default: false
        }
    }

    private static func measure(_ text: ArraySlice<UInt8>) -> Measure {
        var characters = 0, commas = 0
        var afterSpace = true
        text.withUnsafeBufferPointer { text in
            for (at, byte) in text.enumerated() {
                if byte <= 0x20 {
                    if !afterSpace { characters += 1 }
                    afterSpace = true
                } else if byte & 0xc0 != 0x80 {
                    characters += 1
                    afterSpace = false
                    if byte == 0x2c || at + 2 < text.count && isComma(byte, text[at + 1], text[at + 2]) { commas += 1 }
                }
            }
        }
        if afterSpace, characters > 0 { characters -= 1 }
        return Measure(characters: Int32(clamping: characters), commas: Int32(clamping: commas))
    }

    /// Commas of other scripts: U+060C, U+3001, U+FF0C, U+FE50, U+FE10, U+FE11.
    private static func isComma(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Bool {
        switch (a, b, c) {
        case (0xd8, 0x8c, _), (0xe3, 0x80, 0x81), (0xef, 0xbc, 0x8c), (0xef, 0xb9, 0x90), (0xef, 0xb8, 0x90),
            (0xef, 0xb8, 0x91):
            true
        default: false
        }
    }
}
