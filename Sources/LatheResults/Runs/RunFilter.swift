/// A condition on runs: `model.type=lstm`, `optimizer.learning_rate<=3e-3`.
///
/// Numbers compare numerically, other values as text. A run without the key matches only `!=`.
public struct RunFilter: Sendable, Equatable {
    public enum Comparison: String, Sendable, CaseIterable {
        case unequal = "!="
        case atMost = "<="
        case atLeast = ">="
        case equal = "="
        case below = "<"
        case above = ">"
    }

    public var key: String
    public var comparison: Comparison
    public var value: String

    /// Nil if the text has no comparison operator, or nothing before it.
    public init?(_ text: String) {
        guard let start = text.firstIndex(where: { "=<>!".contains($0) }) else { return nil }
        guard let comparison = Comparison.allCases.first(where: { text[start...].hasPrefix($0.rawValue) }) else {
            return nil
        }
        var rest = text[start...].dropFirst(comparison.rawValue.count)
        // Accept `==` as well.
        if comparison == .equal, rest.first == "=" { rest.removeFirst() }
        key = Self.trimmed(text[..<start])
        self.comparison = comparison
        value = Self.trimmed(rest)
        if key.isEmpty { return nil }
    }

    public func accepts(_ run: RunDigest) -> Bool {
        guard let own = RunKeys.value(key, of: run) else { return comparison == .unequal }
        let text: String
        switch own {
        case .number(let number):
            guard let wanted = Double(value) else { return comparison == .unequal }
            return holds(number, wanted)
        case .text(let own): text = own
        }
        // A word such as `auto` is neither less nor greater than a number.
        if Double(value) != nil, comparison != .equal, comparison != .unequal, Double(text) == nil { return false }
        return holds(text, value)
    }

    private func holds<Value: Comparable>(_ own: Value, _ wanted: Value) -> Bool {
        switch comparison {
        case .equal: own == wanted
        case .unequal: own != wanted
        case .below: own < wanted
        case .above: own > wanted
        case .atMost: own <= wanted
        case .atLeast: own >= wanted
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
