/// The values that a field allows; data, so that messages, descriptions and the JSON Schema all read it.
public struct Bounds<Value: Comparable> {
    /// The smallest value, or what all values are above.
    public var lower: Value?
    /// The largest value, or what all values are below.
    public var upper: Value?
    /// Whether `lower` itself is not allowed.
    public var isLowerOpen = false
    /// Whether `upper` itself is not allowed.
    public var isUpperOpen = false

    /// Bounds on either side, or none.
    public init(lower: Value? = nil, upper: Value? = nil, isLowerOpen: Bool = false, isUpperOpen: Bool = false) {
        self.lower = lower
        self.upper = upper
        self.isLowerOpen = isLowerOpen
        self.isUpperOpen = isUpperOpen
    }

    /// Whether `value` is allowed.
    public func contains(_ value: Value) -> Bool {
        (lower.map { isLowerOpen ? value > $0 : value >= $0 } ?? true)
            && (upper.map { isUpperOpen ? value < $0 : value <= $0 } ?? true)
    }
}

extension Bounds: Sendable where Value: Sendable {}

extension Bounds where Value: ScalarValue {
    /// The same bounds as text, whatever the type of the values.
    var limits: Limits {
        // `0` says as much as `0.0`.
        func short(_ value: Value) -> String {
            let text = value.literal
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        return Limits(
            lower: lower.map(short), upper: upper.map(short), isLowerOpen: isLowerOpen, isUpperOpen: isUpperOpen)
    }
}

/// Bounds as texts that are both YAML and JSON numbers.
public struct Limits: Sendable, Hashable {
    /// The smallest value, or what all values are above.
    public var lower: String?
    /// The largest value, or what all values are below.
    public var upper: String?
    /// Whether `lower` itself is not allowed.
    public var isLowerOpen = false
    /// Whether `upper` itself is not allowed.
    public var isUpperOpen = false

    /// `at least 0 and below 1`; empty when everything is allowed.
    public var text: String {
        if let lower, lower == upper { return "exactly \(lower)" }
        return [
            lower.map { (isLowerOpen ? "above " : "at least ") + $0 },
            upper.map { (isUpperOpen ? "below " : "at most ") + $0 },
        ].compactMap { $0 }.joined(separator: " and ")
    }
}

extension Limits {
    /// The same in few characters, for tables: `[0, 1)`, `> 0`; empty when everything is allowed.
    public var interval: String {
        switch (lower, upper) {
        case (let lower?, let upper?) where lower == upper: "= \(lower)"
        case (let lower?, let upper?): (isLowerOpen ? "(" : "[") + "\(lower), \(upper)" + (isUpperOpen ? ")" : "]")
        case (let lower?, nil): (isLowerOpen ? "> " : "≥ ") + lower
        case (nil, let upper?): (isUpperOpen ? "< " : "≤ ") + upper
        case (nil, nil): ""
        }
    }
}

/// A range that a field's values, or a list's count, can be limited to: any of Swift's.
public protocol FieldRange<Bound> {
    /// The type of the values.
    associatedtype Bound: Comparable
    /// The range as bounds.
    var bounds: Bounds<Bound> { get }
}

extension ClosedRange: FieldRange {
    /// At least the lower and at most the upper bound.
    public var bounds: Bounds<Bound> { Bounds(lower: lowerBound, upper: upperBound) }
}

extension Range: FieldRange {
    /// At least the lower and below the upper bound.
    public var bounds: Bounds<Bound> { Bounds(lower: lowerBound, upper: upperBound, isUpperOpen: true) }
}

extension PartialRangeFrom: FieldRange {
    /// At least the lower bound.
    public var bounds: Bounds<Bound> { Bounds(lower: lowerBound) }
}

extension PartialRangeThrough: FieldRange {
    /// At most the upper bound.
    public var bounds: Bounds<Bound> { Bounds(upper: upperBound) }
}

extension PartialRangeUpTo: FieldRange {
    /// Below the upper bound.
    public var bounds: Bounds<Bound> { Bounds(upper: upperBound, isUpperOpen: true) }
}
