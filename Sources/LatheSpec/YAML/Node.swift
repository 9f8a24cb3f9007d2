/// A YAML value that remembers where it was written.
public struct Node: Sendable {
    public enum Content: Sendable {
        /// `plain` is false for quoted and block scalars: a quoted "1" is a string.
        case scalar(String, plain: Bool)
        case sequence([Node])
        /// Entries in source order.
        case mapping([Entry])
    }

    public struct Entry: Sendable {
        public var key: String
        /// Nil for a key that was not written.
        public var keyMark: Mark?
        public var value: Node

        public init(_ key: String, keyMark: Mark? = nil, _ value: Node) {
            self.key = key
            self.keyMark = keyMark
            self.value = value
        }
    }

    public var content: Content
    /// Nil for a value that was not written, such as a default.
    public var mark: Mark?

    public init(_ content: Content, mark: Mark? = nil) {
        self.content = content
        self.mark = mark
    }
}

extension Node {
    /// An unquoted scalar, such as a number, `true` or `null`.
    public static func plain(_ text: String) -> Node { Node(.scalar(text, plain: true)) }
    /// Text, whatever it looks like.
    public static func string(_ text: String) -> Node { Node(.scalar(text, plain: false)) }
    public static func sequence(_ items: [Node]) -> Node { Node(.sequence(items)) }
    public static func mapping(_ entries: [Entry]) -> Node { Node(.mapping(entries)) }

    /// Nil for a list or a mapping.
    public var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// Nil for anything but a mapping.
    public var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// Nil for anything but a list.
    public var items: [Node]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// Whether this is an unquoted `null`, `~` or nothing.
    public var isNull: Bool {
        guard case .scalar(let text, plain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    public subscript(_ key: String) -> Node? { entries?.first { $0.key == key }?.value }

    /// The value as described in messages.
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
    /// Ignores marks. The order of mapping entries matters.
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
    /// Ignores marks.
    public static func == (left: Node.Entry, right: Node.Entry) -> Bool {
        left.key == right.key && left.value == right.value
    }
}

/// At most 60 characters of user input, for messages.
func shortened(_ text: some StringProtocol) -> String {
    text.count <= 60 ? String(text) : text.prefix(59) + "…"
}
