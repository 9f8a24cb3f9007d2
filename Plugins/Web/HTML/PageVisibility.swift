struct PageVisibility {
    let tree: HTMLTree

    /// True for nodes that hide themselves and their descendants: controls and scripts, `hidden`, `aria-hidden`, inline
    /// styles, and elements matched by `drop`.
    func hidden(drop: [HTMLSelector]) -> [Bool] {
        let hasDialog = (1..<max(1, tree.count)).contains(where: isOpenDialog)
        var hidden = [Bool](repeating: false, count: tree.count)
        var node = 1
        while node < tree.count {
            if tree.tag(node) != .text,
                tree.tag(node).isNeverText || isHidden(node, behindDialog: hasDialog)
                    || drop.contains(where: { $0.matches(node, of: tree) })
            {
                hidden[node] = true
                node = tree.end(node)
            } else {
                node += 1
            }
        }
        return hidden
    }

    /// While a dialog is open, a page hides all else from screen readers, though its readers see it.
    private func isOpenDialog(_ node: Int) -> Bool {
        guard tree.tag(node) != .text, tree.hasAttributes(node) else { return false }
        if tree.tag(node) == .dialog { return tree.attribute(.isOpen, of: node) != nil }
        return tree.attribute(.ariaModal, of: node)?.lowercased() == "true"
            && tree.attribute(.ariaHidden, of: node)?.lowercased() != "true"
    }

    /// Whether an element that is hidden from screen readers is the page behind a dialog: an icon has no sentences.
    private func isPage(_ node: Int) -> Bool {
        switch tree.tag(node) {
        case .div, .main, .article, .section: tree.text(of: node).utf8.count { $0 > 0x20 } >= 200
        default: false
        }
    }

    private func isHidden(_ node: Int, behindDialog: Bool) -> Bool {
        guard tree.hasAttributes(node) else { return tree.tag(node) == .dialog }
        if let value = tree.attribute(.hidden, of: node), value.lowercased() != "until-found" { return true }
        if tree.attribute(.ariaHidden, of: node)?.lowercased() == "true",
            tree.attribute(.class, of: node)?.contains("fallback-image") != true, !(behindDialog && isPage(node))
        {
            return true
        }
        if tree.attribute(.ariaModal, of: node) == "true", tree.attribute(.role, of: node) == "dialog" { return true }
        guard let style = tree.attribute(.style, of: node) else { return false }
        var isHidden = false
        for declaration in style.split(separator: ";") {
            let parts = declaration.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            func trimmed(_ text: Substring) -> String { text.filter { !$0.isWhitespace }.lowercased() }
            let value = trimmed(parts[1])
            switch trimmed(parts[0]) {
            case "display": isHidden = value.hasPrefix("none")
            case "visibility": if value.hasPrefix("hidden") || value.hasPrefix("collapse") { return true }
            default: break
            }
        }
        return isHidden
    }
}
