import LatheSpec

extension Node {
    /// One line of YAML, as a person would write it.
    var inline: String {
        switch content {
        case .scalar(let text, _): text.isEmpty ? "''" : text
        case .sequence(let items): "[" + items.map(\.inline).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.key): \($0.value.inline)" }.joined(separator: ", ") + "}"
        }
    }

    /// The value as described in messages.
    var summary: String {
        switch content {
        case .scalar("", plain: true): "nothing"
        case .scalar(let text, _): "'\(text.prefix(60))'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// Whether two values are equivalent: numbers compare by value, and a component matches its bare name.
    func matches(_ other: Node) -> Bool {
        if self == other { return true }
        switch (content, other.content) {
        case (.scalar(let left, _), .scalar(let right, _)):
            if left == right { return true }
            guard let left = Self.number(left), let right = Self.number(right) else { return false }
            return left == right
        case (.mapping, .scalar): return self["type"].map { $0.matches(other) } ?? false
        case (.scalar, .mapping): return other.matches(self)
        default: return false
        }
    }

    private static func number(_ text: String) -> Double? { Double(text.filter { $0 != "_" }) }
}
