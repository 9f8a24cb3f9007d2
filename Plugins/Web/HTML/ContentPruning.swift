/// Removes from a page's content what is not text: lists of links, forms, share boxes, layout tables.
struct ContentPruning {
    let tree: HTMLTree
    let hints: [ContentHints]
    let weighsNames: Bool

    /// Marks further nodes within the content as hidden.
    func prune(_ roots: [Int], hidden: inout [Bool]) {
        let dataTables = dataTables(roots, hidden)
        // Whether the nearest enclosing element of a protecting kind protects the node.
        var isProtected = [Bool](repeating: false, count: tree.count)
        var isInFigure = isProtected
        for root in roots {
            for node in root..<tree.end(root) where node > root {
                let parent = tree.parent(node)
                isProtected[node] = isProtected[parent] || dataTables[parent] || tree.tag(parent) == .code
                isInFigure[node] = isInFigure[parent] || tree.tag(parent) == .figure
            }
        }
        var measures = TextMeasures(tree, hidden: Array(repeating: true, count: tree.count))
        var holdsDataTable = [Bool](repeating: false, count: tree.count)
        var hasTextish = holdsDataTable
        for root in roots.reversed() {
            for node in stride(from: tree.end(root) - 1, through: root, by: -1) {
                if hidden[node] { continue }
                measures.finish(node)
                let isRoot = node == root
                if !isRoot,
                    isJunk(node, measures)
                        || !isProtected[node] && !dataTables[node] && !holdsDataTable[node]
                            && isOdd(node, measures[node], measures, hasTextish[node], isInFigure[node])
                {
                    hidden[node] = true
                    continue
                }
                guard !isRoot else { continue }
                measures.add(node)
                let parent = tree.parent(node)
                if holdsDataTable[node] || dataTables[node] { holdsDataTable[parent] = true }
                if hasTextish[node] || measures[node].characters > 0 && Self.isTextish(tree.tag(node)) {
                    hasTextish[parent] = true
                }
            }
        }
    }

    /// Whether a node is never part of a text.
    private func isJunk(_ node: Int, _ measures: TextMeasures) -> Bool {
        switch tree.tag(node) {
        case .footer, .aside, .nav, .button, .link, .dialog: return true
        case .h1, .h2: return weight(node) < 0
        case .text: return false
        default: return hints[node].contains(.sharing) && measures[node].characters < 500
        }
    }

    private func weight(_ node: Int) -> Double { weighsNames ? hints[node].weight : 0 }

    /// Whether a block has the proportions of something other than text.
    private func isOdd(
        _ node: Int, _ own: TextMeasures.Measure, _ measures: TextMeasures, _ hasTextish: Bool, _ isInFigure: Bool
    ) -> Bool {
        switch tree.tag(node) {
        case .form, .fieldset, .table, .ul: break
        case .div where !measures.isParagraph(node): break
        default: return false
        }
        let weight = weight(node)
        if weight < 0 { return true }
        if own.commas >= 10 { return false }
        let characters = max(1, Double(own.characters))
        let isList = tree.tag(node) == .ul || Double(own.listCharacters) / characters > 0.9
        let isOdd =
            !isInFigure && own.images > 1 && own.paragraphs * 2 < own.images
            || !isList && own.items - 100 > own.paragraphs
            || own.inputs > own.paragraphs / 3
            || !isList && !isInFigure && Double(own.headingCharacters) / characters < 0.9 && own.characters < 25
                && (own.images == 0 || own.images > 2) && own.linkTenths > 0
            || !isList && weight < 25 && own.linkDensity > 0.2
            || weight >= 25 && own.linkDensity > 0.5
            || own.images == 0 && !hasTextish
        // Keep plain lists of pictures, and text in a list without items.
        if isOdd, isList, own.images == own.items {
            return tree.children(node).contains { child in
                tree.children(child).count(where: { tree.tag($0) != .text }) > 1
            }
        }
        return isOdd
    }

    private static func isTextish(_ tag: HTMLTag) -> Bool {
        switch tag {
        case .span, .li, .td, .blockquote, .dl, .div, .img, .ol, .p, .pre, .table, .ul: true
        default: false
        }
    }

    /// Tables that hold data, as opposed to layout tables: marked as such, with headings, or large.
    private func dataTables(_ roots: [Int], _ hidden: [Bool]) -> [Bool] {
        var result = [Bool](repeating: false, count: tree.count)
        for root in roots {
            var node = root
            while node < tree.end(root) {
                if hidden[node] {
                    node = tree.end(node)
                    continue
                }
                if tree.tag(node) == .table { result[node] = isDataTable(node) }
                node += 1
            }
        }
        return result
    }

    private func isDataTable(_ table: Int) -> Bool {
        if tree.attribute(.role, of: table) == "presentation" || tree.attribute(.datatable, of: table) == "0" {
            return false
        }
        if tree.attribute(.summary, of: table)?.isEmpty == false { return true }
        var rows = 0, columns = 0, cells = 0
        var hasTable = false
        for node in (table + 1)..<max(table + 1, tree.end(table)) {
            switch tree.tag(node) {
            case .caption: if tree.end(node) > node + 1 { return true }
            case .col, .colgroup, .tfoot, .thead, .th: return true
            case .table: hasTable = true
            case .tr:
                rows += 1
                cells = 0
            case .td:
                cells += 1
                columns = max(columns, cells)
            default: break
            }
        }
        if hasTable || rows <= 1 || columns <= 1 { return false }
        return rows >= 10 || columns > 4 || rows * columns > 10
    }
}
