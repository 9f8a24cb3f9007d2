/// A value written as one YAML scalar: a number, boolean, text, choice or path.
public protocol ScalarValue: Sendable, Equatable {
    /// The expected value in messages: `a whole number`.
    static var noun: String { get }
    static func schema(_ limits: Limits?) -> Schema
    /// Parses `text`. `plain` is false if the text was quoted; `mark` is where it was written.
    /// - Throws: `UnreadableScalar`, with a hint if there is more to say than `noun` does.
    static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Self
    var node: Node { get }
}

/// A scalar that is not a value of the declared type.
public struct UnreadableScalar: Error {
    /// Appended to `found …, expected …`.
    public var hint: String?
    public init(_ hint: String? = nil) { self.hint = hint }
}

extension ScalarValue {
    var literal: String { node.text ?? "" }
}

/// A number; quoted text is rejected.
protocol NumberValue: ScalarValue {
    static func read(_ number: NumberText) throws(UnreadableScalar) -> Self
}

extension NumberValue {
    static func number(_ text: String, plain: Bool) throws(UnreadableScalar) -> Self {
        guard let number = NumberText(text) else {
            let special = [".nan", ".inf", "-.inf", "nan", "inf", "-inf"].contains(text.lowercased())
            throw UnreadableScalar(plain && special ? "it must be finite" : nil)
        }
        guard plain else { throw UnreadableScalar("remove the quotes") }
        return try read(number)
    }
}

extension NumberValue where Self: FixedWidthInteger {
    static func read(_ number: NumberText) throws(UnreadableScalar) -> Self {
        guard number.isWhole else { throw UnreadableScalar() }
        guard let value = number.integer(Self.self) else {
            throw UnreadableScalar("it must be between \(Self.min) and \(Self.max)")
        }
        return value
    }
}

extension NumberValue where Self: BinaryFloatingPoint & LosslessStringConvertible {
    static func read(_ number: NumberText) throws(UnreadableScalar) -> Self {
        guard let value = number.floating(Self.self) else {
            throw UnreadableScalar("it is out of range for a \(Self.self)")
        }
        return value
    }
}

extension Int: NumberValue {
    public static var noun: String { "a whole number" }
    public static func schema(_ limits: Limits?) -> Schema { .integer(limits ?? Limits()) }
    /// Any notation: `1000`, `1_000`, `1e3`, `0x3E8`.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Int {
        try number(text, plain: plain)
    }
    public var node: Node { .plain(description) }
}

extension UInt64: NumberValue {
    public static var noun: String { "a whole number" }
    public static func schema(_ limits: Limits?) -> Schema { .integer(limits ?? Limits(lower: "0")) }
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> UInt64 {
        try number(text, plain: plain)
    }
    public var node: Node { .plain(description) }
}

extension Float: NumberValue {
    public static var noun: String { "a number" }
    public static func schema(_ limits: Limits?) -> Schema { .number(limits ?? Limits()) }
    /// Finite numbers only, correctly rounded.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Float {
        try number(text, plain: plain)
    }
    /// The shortest digits that read back as the same number.
    public var node: Node { .plain(numberText(self)) }
}

extension Double: NumberValue {
    public static var noun: String { "a number" }
    public static func schema(_ limits: Limits?) -> Schema { .number(limits ?? Limits()) }
    /// Correctly rounded. Models compute in single precision, so a number that it cannot hold is refused.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Double {
        let value: Double = try number(text, plain: plain)
        guard
            value == 0
                || (Double(Float.leastNormalMagnitude)...Double(Float.greatestFiniteMagnitude)).contains(abs(value))
        else { throw UnreadableScalar("it must be 0, or between 1.2e-38 and 3.4e38 in size, as in single precision") }
        return value
    }
    /// The shortest digits that read back as the same number.
    public var node: Node { .plain(numberText(self)) }
}

extension Bool: ScalarValue {
    public static var noun: String { "true or false" }
    public static func schema(_ limits: Limits?) -> Schema { .boolean }
    /// `true` or `false`, as in YAML 1.2; `yes` and `on` are strings.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Bool {
        switch text {
        case "true" where plain, "True" where plain, "TRUE" where plain: return true
        case "false" where plain, "False" where plain, "FALSE" where plain: return false
        case "true", "false": throw UnreadableScalar("remove the quotes")
        default: throw UnreadableScalar()
        }
    }
    public var node: Node { .plain(description) }
}

extension String: ScalarValue {
    public static var noun: String { "text" }
    public static func schema(_ limits: Limits?) -> Schema { .string }
    /// Any text, whatever it looks like, except an unquoted null.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> String {
        if plain, Node.plain(text).isNull {
            throw UnreadableScalar(text.isEmpty ? "write \"\" for empty text" : "write \"\(text)\" for the word")
        }
        return text
    }
    public var node: Node { .string(self) }
}

/// One of a few words: `enum Activation: String, Choice { case gelu, reluSquared = "relu_squared" }`
public protocol Choice: ScalarValue, CaseIterable, RawRepresentable where RawValue == String {}

extension Choice {
    public static var noun: String {
        let words = allCases.map(\.rawValue)
        return words.count == 1 ? "'\(words[0])'" : "one of " + words.joined(separator: ", ")
    }
    public static func schema(_ limits: Limits?) -> Schema { .choice(allCases.map(\.rawValue)) }
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Self {
        guard let value = Self(rawValue: text) else {
            throw UnreadableScalar(nearest(to: text, in: allCases.map(\.rawValue)).map { "did you mean '\($0)'?" })
        }
        return value
    }
    public var node: Node { .string(rawValue) }
}
