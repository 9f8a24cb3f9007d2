/// A condition on runs: `model.type=lstm`, `optimizer.learning_rate<=3e-3`.
///
/// Numbers compare as numbers, however they are written; other values as text. A run without the key fulfils `!=` and nothing else.
public struct RunFilter: Sendable, Equatable {
    /// How a run's value has to stand to the one given.
    public enum Comparison: String, Sendable, CaseIterable {
        /// Not the same.
        case unequal = "!="
        /// Smaller or the same.
        case atMost = "<="
        /// Larger or the same.
        case atLeast = ">="
        /// The same.
        case equal = "="
        /// Smaller.
        case below = "<"
        /// Larger.
        case above = ">"
    }

    /// The key.
    public var key: String
    /// How a run's value has to stand to `value`.
    public var comparison: Comparison
    /// The value as it was given.
    public var value: String

    /// Reads a condition; nil where there is no comparison in it, or nothing before it.
    public init?(_ text: String) {
        guard let start = text.firstIndex(where: { "=<>!".contains($0) }) else { return nil }
        guard let comparison = Comparison.allCases.first(where: { text[start...].hasPrefix($0.rawValue) }) else {
            return nil
        }
        var rest = text[start...].dropFirst(comparison.rawValue.count)
        // `==` is how many write it.
        if comparison == .equal, rest.first == "=" { rest.removeFirst() }
        key = Self.trimmed(text[..<start])
        self.comparison = comparison
        value = Self.trimmed(rest)
        if key.isEmpty { return nil }
    }

    /// Whether a run fulfils it.
    public func accepts(_ run: RunDigest) -> Bool {
        guard let own = RunKeys.value(key, of: run) else { return comparison == .unequal }
        let text: String
        switch own {
        case .number(let number):
            guard let wanted = Double(value) else { return comparison == .unequal }
            return holds(number, wanted)
        case .text(let own): text = own
        }
        // A word such as `auto` is neither below nor above a number.
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
