/// The attributes that extraction uses.
enum HTMLAttribute: String, CaseIterable, Sendable {
    case id, style, hidden, role, rel, href, name, content, property, itemprop, summary, datatable
    case `class`
    case ariaHidden = "aria-hidden"
    case ariaModal = "aria-modal"
    case httpEquiv = "http-equiv"
    case isOpen = "open"

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    init?(name: String) {
        guard let attribute = Self.byName[name] else { return nil }
        self = attribute
    }
}

/// A page's elements and text in document order. The descendants of a node are the nodes after it, up to its `end`.
struct HTMLTree: Sendable {
    struct Node: Sendable {
        var tag: HTMLTag
        /// -1 for the root.
        var parent: Int32
        /// The index after its last descendant.
        var end: Int32
        /// Start of its bytes in ``text`` and of its attributes in ``attributes``; they end where those of the next
        /// node start.
        var text: Int32
        var attributes: Int32
    }

    /// Never empty: node 0 is the root.
    private(set) var nodes = [Node(tag: .other, parent: -1, end: 1, text: 0, attributes: 0)]
    private var text: [UInt8] = []
    private var attributes: [(name: HTMLAttribute, value: String)] = []
    /// Names of elements that ``HTMLTag`` does not list.
    private var otherNames: [Int32: String] = [:]

    var count: Int { nodes.count }

    /// The UTF-8 of a text node; empty for an element.
    func bytes(_ node: Int) -> ArraySlice<UInt8> {
        text[Int(nodes[node].text)..<(node + 1 < nodes.count ? Int(nodes[node + 1].text) : text.count)]
    }

    func attribute(_ name: HTMLAttribute, of node: Int) -> String? {
        let first = Int(nodes[node].attributes)
        let end = node + 1 < nodes.count ? Int(nodes[node + 1].attributes) : attributes.count
        return attributes[first..<end].first { $0.name == name }?.value
    }

    /// Counts only the attributes listed in ``HTMLAttribute``.
    func hasAttributes(_ node: Int) -> Bool {
        Int(nodes[node].attributes) < (node + 1 < nodes.count ? Int(nodes[node + 1].attributes) : attributes.count)
    }

    func name(_ node: Int) -> String { otherNames[Int32(node)] ?? nodes[node].tag.rawValue }

    func tag(_ node: Int) -> HTMLTag { nodes[node].tag }
    func end(_ node: Int) -> Int { Int(nodes[node].end) }
    func parent(_ node: Int) -> Int { Int(nodes[node].parent) }

    /// In document order.
    func children(_ node: Int) -> some Sequence<Int> {
        sequence(state: node + 1) { [last = end(node)] next in
            guard next < last else { return nil }
            defer { next = self.end(next) }
            return next
        }
    }

    // Building, in document order.

    mutating func open(_ name: String, parent: Int) -> Int {
        let tag = HTMLTag(name: name)
        let index = nodes.count
        nodes.append(
            Node(
                tag: tag, parent: Int32(parent), end: Int32(index + 1), text: Int32(text.count),
                attributes: Int32(attributes.count)))
        if tag == .other { otherNames[Int32(index)] = name }
        return index
    }

    mutating func add(_ name: HTMLAttribute, _ value: String) { attributes.append((name, value)) }

    mutating func close(_ node: Int) { nodes[node].end = Int32(nodes.count) }

    /// Adds text inside `parent`; consecutive pieces become one node.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, parent: Int) {
        if nodes[nodes.count - 1].tag != .text || nodes[nodes.count - 1].parent != parent {
            nodes.append(
                Node(
                    tag: .text, parent: Int32(parent), end: Int32(nodes.count + 1), text: Int32(text.count),
                    attributes: Int32(attributes.count)))
        }
        text.append(contentsOf: bytes)
    }
}
