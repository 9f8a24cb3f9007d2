import CYAML

/// Limits of a YAML text. Exceeding one is an error, detected in bounded time and memory.
public struct YAMLLimits: Sendable {
    /// Bytes of text.
    public var bytes = 4 << 20
    /// Levels of nesting.
    public var depth = 64
    /// Values, keys included. Every alias counts as its expansion.
    public var values = 100_000
    /// Unicode scalars per key.
    public var keyLength = 256
    public init() {}
}

/// Builds nodes from libyaml's events. libyaml does not recurse; this does, at most `limits.depth` deep.
struct YAMLComposer: ~Copyable {
    private var events: YAMLEvents
    private let source: SourceText
    private let limits: YAMLLimits
    /// Added to the columns of line 1: the column at which the text starts within its source.
    private let offset: Int
    private var budget: Int
    private var anchors: [String: (node: Node, size: Int)] = [:]
    private var openAnchors: Set<String> = []
    /// Problems that do not prevent reading the rest.
    private(set) var problems: [Diagnostic] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, source: SourceText, limits: YAMLLimits, offset: Int) {
        events = YAMLEvents(bytes)
        self.source = source
        self.limits = limits
        self.offset = offset
        budget = limits.values
    }

    /// The only document of the text; nil if there is none.
    mutating func document() throws(YAMLProblem) -> Node? {
        _ = try events.next()
        if try events.next().pointee.type == YAML_STREAM_END_EVENT { return nil }
        let root = try node(try events.next(), depth: 0).node
        _ = try events.next()
        let end = try events.next()
        guard end.pointee.type == YAML_STREAM_END_EVENT else {
            throw problem("a second document starts here; a file can contain only one", at: end.pointee.start_mark)
        }
        return root
    }

    private func mark(_ mark: yaml_mark_t) -> Mark {
        let line = Int(mark.line) + 1
        return Mark(source, line: line, column: Int(mark.column) + 1 + (line == 1 ? offset : 0))
    }

    private func problem(_ message: String, at mark: yaml_mark_t, note: String? = nil) -> YAMLProblem {
        YAMLProblem(message: message, line: Int(mark.line) + 1, column: Int(mark.column) + 1, note: note)
    }

    /// Aliases share storage (copy on write) but are charged their expanded size, so that an alias bomb is rejected at
    /// once.
    private mutating func charge(_ size: Int, at mark: yaml_mark_t, alias: String? = nil) throws(YAMLProblem) {
        budget -= size
        guard budget < 0 else { return }
        let cause = alias.map { " once the alias '*\($0)' is expanded" } ?? ""
        throw problem("more than \(limits.values) values\(cause)", at: mark)
    }

    /// The node that starts at `event`, and its number of values.
    private mutating func node(
        _ event: UnsafePointer<yaml_event_t>, depth: Int
    ) throws(YAMLProblem) -> (node: Node, size: Int) {
        let start = event.pointee.start_mark
        guard depth <= limits.depth else {
            throw problem("nested more than \(limits.depth) levels deep", at: start)
        }
        switch event.pointee.type {
        case YAML_ALIAS_EVENT:
            let name = String(cString: event.pointee.data.alias.anchor)
            guard var known = anchors[name] else {
                throw openAnchors.contains(name)
                    ? problem("the alias '*\(shortened(name))' refers to the value that contains it", at: start)
                    : problem("no '&\(shortened(name))' above this alias", at: start)
            }
            try charge(known.size, at: start, alias: name)
            known.node.mark = mark(start)
            return known
        case YAML_SCALAR_EVENT:
            let scalar = event.pointee.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let plain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            checkTag(scalar.tag, at: start)
            try charge(1, at: start)
            let node = Node(.scalar(text, plain: plain), mark: mark(start))
            if let anchor = scalar.anchor { anchors[String(cString: anchor)] = (node, 1) }
            return (node, 1)
        case YAML_SEQUENCE_START_EVENT:
            checkTag(event.pointee.data.sequence_start.tag, at: start)
            let anchor = open(event.pointee.data.sequence_start.anchor)
            try charge(1, at: start)
            let (content, size) = try sequence(depth: depth)
            return close(anchor, Node(content, mark: mark(start)), size)
        case YAML_MAPPING_START_EVENT:
            checkTag(event.pointee.data.mapping_start.tag, at: start)
            let anchor = open(event.pointee.data.mapping_start.anchor)
            try charge(1, at: start)
            let (content, size) = try mapping(depth: depth)
            return close(anchor, Node(content, mark: mark(start)), size)
        default:
            throw problem("invalid YAML", at: start)
        }
    }

    private mutating func open(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let anchor else { return nil }
        let name = String(cString: anchor)
        anchors[name] = nil
        openAnchors.insert(name)
        return name
    }

    private mutating func close(_ anchor: String?, _ node: Node, _ size: Int) -> (Node, Int) {
        if let anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = (node, size)
        }
        return (node, size)
    }

    private mutating func checkTag(_ tag: UnsafeMutablePointer<yaml_char_t>?, at start: yaml_mark_t) {
        guard let tag else { return }
        let name = shortened(String(cString: tag).replacing("tag:yaml.org,2002:", with: "!!"))
        problems.append(Diagnostic("the tag '\(name)' is not supported: remove it", at: mark(start)))
    }

    private mutating func sequence(depth: Int) throws(YAMLProblem) -> (Node.Content, Int) {
        var items: [Node] = []
        var size = 1
        while true {
            let next = try events.next()
            if next.pointee.type == YAML_SEQUENCE_END_EVENT { return (.sequence(items), size) }
            let item = try node(next, depth: depth + 1)
            items.append(item.node)
            size += item.size
        }
    }

    private mutating func mapping(depth: Int) throws(YAMLProblem) -> (Node.Content, Int) {
        var entries: [Node.Entry] = []
        var size = 1
        var seen: [String: Mark] = [:]
        while true {
            let next = try events.next()
            if next.pointee.type == YAML_MAPPING_END_EVENT { return (.mapping(entries), size) }
            let keyStart = next.pointee.start_mark
            let (keyNode, keySize) = try node(next, depth: depth + 1)
            let (value, valueSize) = try node(try events.next(), depth: depth + 1)
            size += keySize + valueSize
            guard case .scalar(let key, let plain) = keyNode.content, !(plain && key.isEmpty) else {
                problems.append(Diagnostic("a key must be a word", at: mark(keyStart)))
                continue
            }
            if plain && key == "<<" {
                problems.append(
                    Diagnostic("merge keys ('<<') are not supported; use 'extends'", at: mark(keyStart)))
            } else if key.unicodeScalars.count > limits.keyLength {
                problems.append(
                    Diagnostic("a key longer than \(limits.keyLength) characters", at: mark(keyStart)))
            } else if let first = seen[key] {
                problems.append(
                    Diagnostic(
                        "duplicate key '\(key)', first on line \(first.line)", at: mark(keyStart)))
            } else {
                seen[key] = mark(keyStart)
                entries.append(.init(key, keyMark: mark(keyStart), value))
            }
        }
    }
}
