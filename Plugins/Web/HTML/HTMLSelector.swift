/// Selects elements by tag, class and id: `article`, `.post`, `#content`, `div.entry.first`, `section#main`.
struct HTMLSelector: Sendable, Hashable {
    private var tag: String?
    private var id: String?
    private var classes: [String] = []

    /// Returns nil if `text` is not a valid selector.
    init?(_ text: String) {
        var rest = text[...]
        func name() -> String? {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ":" }
            rest = rest.dropFirst(name.count)
            return name.isEmpty ? nil : String(name)
        }
        tag = name()?.lowercased()
        while let sign = rest.popFirst() {
            guard sign == "." || sign == "#", let name = name(), sign == "." || id == nil else { return nil }
            if sign == "." { classes.append(name) } else { id = name }
        }
        if tag == nil, id == nil, classes.isEmpty { return nil }
    }

    func matches(_ node: Int, of tree: HTMLTree) -> Bool {
        guard tree.tag(node) != .text, tag == nil || tag == tree.name(node) else { return false }
        if id == nil, classes.isEmpty { return true }
        guard tree.hasAttributes(node) else { return false }
        if let id, tree.attribute(.id, of: node) != id { return false }
        guard !classes.isEmpty else { return true }
        let own = (tree.attribute(.class, of: node) ?? "").split { $0.isWhitespace }
        return classes.allSatisfy { name in own.contains { $0 == name } }
    }
}
