/// The allowed range of a field, as data that messages, descriptions and the JSON Schema share.
public struct Bounds<Value: Comparable> {
    /// The smallest allowed value, or an exclusive lower bound.
    public var lower: Value?
    /// The largest allowed value, or an exclusive upper bound.
    public var upper: Value?
    public var isLowerOpen = false
    public var isUpperOpen = false

    public init(lower: Value? = nil, upper: Value? = nil, isLowerOpen: Bool = false, isUpperOpen: Bool = false) {
        self.lower = lower
        self.upper = upper
        self.isLowerOpen = isLowerOpen
        self.isUpperOpen = isUpperOpen
    }

    public func contains(_ value: Value) -> Bool {
        (lower.map { isLowerOpen ? value > $0 : value >= $0 } ?? true)
            && (upper.map { isUpperOpen ? value < $0 : value <= $0 } ?? true)
    }
}

extension Bounds: Sendable where Value: Sendable {}

extension Bounds where Value: ScalarValue {
    /// The bounds as text, independent of the value type.
    var limits: Limits {
        // `0` instead of `0.0`.
        func short(_ value: Value) -> String {
            let text = value.literal
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        return Limits(
            lower: lower.map(short), upper: upper.map(short), isLowerOpen: isLowerOpen, isUpperOpen: isUpperOpen)
    }
}

/// Bounds as text that is valid as a number in both YAML and JSON.
public struct Limits: Sendable, Hashable {
    /// The smallest allowed value, or an exclusive lower bound.
    public var lower: String?
    /// The largest allowed value, or an exclusive upper bound.
    public var upper: String?
    public var isLowerOpen = false
    public var isUpperOpen = false

    public init(
        lower: String? = nil, upper: String? = nil, isLowerOpen: Bool = false, isUpperOpen: Bool = false
    ) {
        self.lower = lower
        self.upper = upper
        self.isLowerOpen = isLowerOpen
        self.isUpperOpen = isUpperOpen
    }

    /// `at least 0 and below 1`; empty if unbounded.
    public var text: String {
        if let lower, lower == upper { return "exactly \(lower)" }
        return [
            lower.map { (isLowerOpen ? "above " : "at least ") + $0 },
            upper.map { (isUpperOpen ? "below " : "at most ") + $0 },
        ].compactMap { $0 }.joined(separator: " and ")
    }
}

extension Limits {
    /// Interval notation for tables: `[0, 1)`, `> 0`; empty if unbounded.
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

/// Any Swift range, as a limit on a field's values or a list's length.
public protocol FieldRange<Bound> {
    associatedtype Bound: Comparable
    var bounds: Bounds<Bound> { get }
}

extension ClosedRange: FieldRange {
    public var bounds: Bounds<Bound> { Bounds(lower: lowerBound, upper: upperBound) }
}

extension Range: FieldRange {
    public var bounds: Bounds<Bound> { Bounds(lower: lowerBound, upper: upperBound, isUpperOpen: true) }
}

extension PartialRangeFrom: FieldRange {
    public var bounds: Bounds<Bound> { Bounds(lower: lowerBound) }
}

extension PartialRangeThrough: FieldRange {
    public var bounds: Bounds<Bound> { Bounds(upper: upperBound) }
}

extension PartialRangeUpTo: FieldRange {
    public var bounds: Bounds<Bound> { Bounds(upper: upperBound, isUpperOpen: true) }
}
