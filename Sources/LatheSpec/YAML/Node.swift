/// A YAML value that remembers where it was written.
public struct Node: Sendable {
    /// What a node holds.
    public enum Content: Sendable {
        /// A scalar's text. `plain` is false for quoted and block scalars: a quoted "1" is a string.
        case scalar(String, plain: Bool)
        /// A list.
        case sequence([Node])
        /// A mapping, in the order in which it was written.
        case mapping([Entry])
    }

    /// A key of a mapping and its value.
    public struct Entry: Sendable {
        /// The key's text.
        public var key: String
        /// Where the key was written; nil for one that nobody wrote.
        public var keyMark: Mark?
        /// The value.
        public var value: Node

        /// An entry of a mapping.
        public init(_ key: String, keyMark: Mark? = nil, _ value: Node) {
            self.key = key
            self.keyMark = keyMark
            self.value = value
        }
    }

    /// What the node holds.
    public var content: Content
    /// Where the node was written; nil for a value that nobody wrote, such as a default.
    public var mark: Mark?

    /// A node with the given content.
    public init(_ content: Content, mark: Mark? = nil) {
        self.content = content
        self.mark = mark
    }
}

extension Node {
    /// A scalar without quotes, such as a number, `true` or `null`.
    public static func plain(_ text: String) -> Node { Node(.scalar(text, plain: true)) }
    /// A scalar that is text, whatever it looks like.
    public static func string(_ text: String) -> Node { Node(.scalar(text, plain: false)) }
    /// A list.
    public static func sequence(_ items: [Node]) -> Node { Node(.sequence(items)) }
    /// A mapping.
    public static func mapping(_ entries: [Entry]) -> Node { Node(.mapping(entries)) }

    /// A scalar's text; nil for a list or a mapping.
    public var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The entries of a mapping; nil for anything else.
    public var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The items of a list; nil for anything else.
    public var items: [Node]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// Whether this is a plain `null`, `~` or nothing at all.
    public var isNull: Bool {
        guard case .scalar(let text, plain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The value of `key` in a mapping.
    public subscript(_ key: String) -> Node? { entries?.first { $0.key == key }?.value }

    /// How a message speaks of what was found.
    var found: String {
        switch content {
        case .scalar("", plain: true): "nothing"
        case .scalar(let text, plain: true): isNull ? "null" : "'\(shortened(text))'"
        case .scalar(let text, plain: false): "the string \"\(shortened(text))\""
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension Node: Equatable {
    /// Whether two nodes hold the same, wherever they were written. Mappings compare in order.
    public static func == (left: Node, right: Node) -> Bool {
        switch (left.content, right.content) {
        case (.scalar(let a, let plainA), .scalar(let b, let plainB)): a == b && plainA == plainB
        case (.sequence(let a), .sequence(let b)): a == b
        case (.mapping(let a), .mapping(let b)): a == b
        default: false
        }
    }
}

extension Node.Entry: Equatable {
    /// Whether key and value are the same, wherever they were written.
    public static func == (left: Node.Entry, right: Node.Entry) -> Bool {
        left.key == right.key && left.value == right.value
    }
}

/// At most 60 characters of a text that somebody wrote, for use inside a message.
func shortened(_ text: some StringProtocol) -> String {
    text.count <= 60 ? String(text) : text.prefix(59) + "…"
}
