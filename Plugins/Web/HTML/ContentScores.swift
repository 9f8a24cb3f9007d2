/// Finds the part of a page that holds its text. Paragraphs vote for the elements around them by length and commas;
/// class names, ids and the share of links weight the votes. The method is that of Arc90's Readability (2009), as
/// refined by browsers' reader views.
struct ContentScores {
    private let tree: HTMLTree
    private let hidden: [Bool]
    private let measures: TextMeasures
    private let hints: [ContentHints]
    private let weighsNames: Bool
    /// Scores of elements that received a vote; NaN for others.
    private var scores: [Double]
    private var candidates: [Int] = []

    /// Paragraphs with fewer characters have no vote.
    private static let shortest = 25
    /// Divisors of a vote, from the nearest enclosing element outwards.
    private static let divisors: [Double] = [1, 2, 6, 9, 12]

    init(_ tree: HTMLTree, hidden: [Bool], measures: TextMeasures, hints: [ContentHints], weighsNames: Bool) {
        self.tree = tree
        self.hidden = hidden
        self.measures = measures
        self.hints = hints
        self.weighsNames = weighsNames
        scores = Array(repeating: .nan, count: tree.count)
        var node = 1
        while node < tree.count {
            if hidden[node] {
                node = tree.end(node)
                continue
            }
            vote(node)
            node += 1
        }
        for candidate in candidates { scores[candidate] *= 1 - measures[candidate].linkDensity }
    }

    private mutating func vote(_ node: Int) {
        switch tree.tag(node) {
        case .text: return
        case .p, .pre, .td, .section, .h2, .h3, .h4, .h5, .h6: vote(measures[node], around: tree.parent(node))
        case .div where measures.isParagraph(node): vote(measures[node], around: tree.parent(node))
        case .h1, .li, .dt, .dd, .th, .caption, .summary, .figcaption, .button, .option, .label, .legend: return
        default:
            guard measures[node].isBlock else { return }
            // Text directly in a block, not in a paragraph.
            for run in LineRuns(node, tree: tree, hidden: hidden, measures: measures) { vote(run, around: node) }
        }
    }

    private mutating func vote(_ paragraph: TextMeasures.Measure, around first: Int) {
        guard paragraph.characters >= Self.shortest else { return }
        let vote = 2 + Double(paragraph.commas) + min(Double(paragraph.characters / 100), 3)
        var ancestor = first
        for divisor in Self.divisors {
            // The root node is not an element.
            guard ancestor > 0 else { return }
            if scores[ancestor].isNaN {
                scores[ancestor] = standing(ancestor)
                candidates.append(ancestor)
            }
            scores[ancestor] += vote / divisor
            ancestor = tree.parent(ancestor)
        }
    }

    /// The initial score of an element, before any votes.
    private func standing(_ node: Int) -> Double {
        let weight = weighsNames ? hints[node].weight : 0
        switch tree.tag(node) {
        case .div: return weight + 5
        case .pre, .td, .blockquote: return weight + 3
        case .address, .ol, .ul, .dl, .dd, .dt, .li, .form: return weight - 3
        case .h1, .h2, .h3, .h4, .h5, .h6, .th: return weight - 5
        default: return weight
        }
    }

    private func score(_ node: Int) -> Double { scores[node].isNaN ? 0 : scores[node] }

    /// The elements that hold the content, in order: the best one and its siblings that belong to it. `body` if no part
    /// stands out.
    func content(in body: Int) -> [Int] {
        let ranked = candidates.sorted { scores[$0] > scores[$1] || scores[$0] == scores[$1] && $0 < $1 }.prefix(5)
        guard var best = ranked.first, best != body, isWithin(best, body) else { return [body] }
        // Content in several columns: use the common ancestor of at least three others that score nearly as well.
        let rivals = ranked.dropFirst().filter { scores[$0] >= 0.75 * scores[best] }
        if rivals.count >= 3 {
            var around = tree.parent(best)
            while around != body, around > 0 {
                if rivals.count(where: { isWithin($0, around) }) >= 3 {
                    best = around
                    break
                }
                around = tree.parent(around)
            }
        }
        best = climbed(best, body)
        let parent = tree.parent(best)
        let standard = scores[best].isNaN ? standing(best) : scores[best]
        let threshold = max(10, standard * 0.2)
        let name = tree.attribute(.class, of: best) ?? ""
        return tree.children(parent).filter { sibling in
            if sibling == best { return true }
            guard !hidden[sibling], tree.tag(sibling) != .text else { return false }
            let bonus = !name.isEmpty && tree.attribute(.class, of: sibling) == name ? standard * 0.2 : 0
            return !scores[sibling].isNaN && scores[sibling] + bonus >= threshold || isProse(sibling)
        }
    }

    /// A parent with a better score, or the outermost ancestor that holds nothing else.
    private func climbed(_ node: Int, _ body: Int) -> Int {
        var best = node
        var last = score(best)
        let least = last / 3
        var around = tree.parent(best)
        while around != body, around > 0 {
            defer { around = tree.parent(around) }
            guard !scores[around].isNaN else { continue }
            if scores[around] < least { break }
            if scores[around] > last {
                best = around
                break
            }
            last = scores[around]
        }
        around = tree.parent(best)
        while around != body, around > 0,
            tree.children(around).count(where: { tree.tag($0) != .text && !hidden[$0] }) == 1
        {
            best = around
            around = tree.parent(best)
        }
        return best
    }

    /// Whether a paragraph next to the content reads like part of it.
    private func isProse(_ node: Int) -> Bool {
        guard tree.tag(node) == .p || measures.isParagraph(node) else { return false }
        let measure = measures[node]
        if measure.characters > 80 { return measure.linkDensity < 0.25 }
        guard measure.characters > 0, measure.linkTenths == 0 else { return false }
        var afterStop = false
        for child in node..<tree.end(node) {
            for byte in tree.bytes(child) {
                if afterStop, byte <= 0x20 { return true }
                afterStop = byte == 0x2e
            }
        }
        return afterStop
    }

    private func isWithin(_ node: Int, _ ancestor: Int) -> Bool { ancestor <= node && node < tree.end(ancestor) }
}

/// The runs of text in a block that lie between nested blocks: what browsers put into anonymous boxes. Two line breaks
/// end a run.
struct LineRuns: Sequence, IteratorProtocol {
    private let tree: HTMLTree
    private let hidden: [Bool]
    private let measures: TextMeasures
    private var position: Int
    private let end: Int

    init(_ block: Int, tree: HTMLTree, hidden: [Bool], measures: TextMeasures) {
        self.tree = tree
        self.hidden = hidden
        self.measures = measures
        position = block + 1
        end = tree.end(block)
    }

    mutating func next() -> TextMeasures.Measure? {
        var run = TextMeasures.Measure()
        var breaks = 0
        while position < end {
            let node = position
            position = tree.end(node)
            if hidden[node] { continue }
            if measures[node].isBlock {
                if run.characters > 0 { return run }
                continue
            }
            breaks = tree.tag(node) == .br ? breaks + 1 : measures[node].characters > 0 ? 0 : breaks
            if breaks > 1, run.characters > 0 { return run }
            run += measures[node]
        }
        return run.characters > 0 ? run : nil
    }
}
