/// A value that YAML writes as one scalar: a number, a truth value, a text, a choice, a path.
public protocol ScalarValue: Sendable, Equatable {
    /// What messages say was expected: `a whole number`.
    static var noun: String { get }
    /// How the value looks to descriptions and the JSON Schema.
    static func schema(_ limits: Limits?) -> Schema
    /// The value that `text` stands for. `plain` is false when the text was quoted; `mark` is where it was written.
    /// - Throws: `UnreadableScalar` with what is wrong, where it is more than `noun` can say.
    static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Self
    /// The value as YAML.
    var node: Node { get }
}

/// Why a scalar does not stand for a value of the declared type.
public struct UnreadableScalar: Error {
    /// What is added to `found …, expected …`.
    public var hint: String?
    /// A scalar of the wrong type.
    public init(_ hint: String? = nil) { self.hint = hint }
}

extension ScalarValue {
    /// The value's text, for messages and bounds.
    var literal: String { node.text ?? "" }
}

/// A number: quoted text is none.
protocol NumberValue: ScalarValue {
    static func read(_ number: NumberText) throws(UnreadableScalar) -> Self
}

extension NumberValue {
    static func number(_ text: String, plain: Bool) throws(UnreadableScalar) -> Self {
        guard let number = NumberText(text) else {
            let special = [".nan", ".inf", "-.inf", "nan", "inf", "-inf"].contains(text.lowercased())
            throw UnreadableScalar(plain && special ? "it must be finite" : nil)
        }
        guard plain else { throw UnreadableScalar("take the quotes away") }
        return try read(number)
    }
}

extension NumberValue where Self: FixedWidthInteger {
    static func read(_ number: NumberText) throws(UnreadableScalar) -> Self {
        guard number.isWhole else { throw UnreadableScalar() }
        guard let value = number.integer(Self.self) else {
            throw UnreadableScalar("it must lie between \(Self.min) and \(Self.max)")
        }
        return value
    }
}

extension NumberValue where Self: BinaryFloatingPoint & LosslessStringConvertible {
    static func read(_ number: NumberText) throws(UnreadableScalar) -> Self {
        guard let value = number.floating(Self.self) else {
            throw UnreadableScalar("its size is beyond what a \(Self.self) can hold")
        }
        return value
    }
}

extension Int: NumberValue {
    /// What messages say was expected.
    public static var noun: String { "a whole number" }
    /// An integer.
    public static func schema(_ limits: Limits?) -> Schema { .integer(limits ?? Limits()) }
    /// Reads a whole number in any notation: `1000`, `1_000`, `1e3`, `0x3E8`.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Int {
        try number(text, plain: plain)
    }
    /// The number in decimal.
    public var node: Node { .plain(description) }
}

extension UInt64: NumberValue {
    /// What messages say was expected.
    public static var noun: String { "a whole number" }
    /// An integer from 0.
    public static func schema(_ limits: Limits?) -> Schema { .integer(limits ?? Limits(lower: "0")) }
    /// Reads a whole number from 0 in any notation.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> UInt64 {
        try number(text, plain: plain)
    }
    /// The number in decimal.
    public var node: Node { .plain(description) }
}

extension Float: NumberValue {
    /// What messages say was expected.
    public static var noun: String { "a number" }
    /// A number.
    public static func schema(_ limits: Limits?) -> Schema { .number(limits ?? Limits()) }
    /// Reads a finite number, correctly rounded.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Float {
        try number(text, plain: plain)
    }
    /// The shortest digits that read back as the same number.
    public var node: Node { .plain(numberText(self)) }
}

extension Double: NumberValue {
    /// What messages say was expected.
    public static var noun: String { "a number" }
    /// A number.
    public static func schema(_ limits: Limits?) -> Schema { .number(limits ?? Limits()) }
    /// Reads a finite number, correctly rounded.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Double {
        try number(text, plain: plain)
    }
    /// The shortest digits that read back as the same number.
    public var node: Node { .plain(numberText(self)) }
}

extension Bool: ScalarValue {
    /// What messages say was expected.
    public static var noun: String { "true or false" }
    /// A truth value.
    public static func schema(_ limits: Limits?) -> Schema { .boolean }
    /// Reads `true` or `false`, as YAML 1.2 does; `yes` and `on` are words.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Bool {
        switch text {
        case "true" where plain, "True" where plain, "TRUE" where plain: return true
        case "false" where plain, "False" where plain, "FALSE" where plain: return false
        case "true", "false": throw UnreadableScalar("take the quotes away")
        default: throw UnreadableScalar()
        }
    }
    /// `true` or `false`.
    public var node: Node { .plain(description) }
}

extension String: ScalarValue {
    /// What messages say was expected.
    public static var noun: String { "text" }
    /// Text.
    public static func schema(_ limits: Limits?) -> Schema { .string }
    /// Takes the text as it is, whatever it looks like; null is no text.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> String {
        if plain, Node.plain(text).isNull {
            throw UnreadableScalar(text.isEmpty ? "write \"\" for an empty text" : "write \"\(text)\" for the word")
        }
        return text
    }
    /// The text, quoted where it needs to be.
    public var node: Node { .string(self) }
}

/// One of a few words: `enum Activation: String, Choice { case gelu, reluSquared = "relu_squared" }`
public protocol Choice: ScalarValue, CaseIterable, RawRepresentable where RawValue == String {}

extension Choice {
    /// What messages say was expected.
    public static var noun: String {
        let words = allCases.map(\.rawValue)
        return words.count == 1 ? "'\(words[0])'" : "one of " + words.joined(separator: ", ")
    }
    /// One of the words.
    public static func schema(_ limits: Limits?) -> Schema { .choice(allCases.map(\.rawValue)) }
    /// Reads one of the words.
    public static func read(_ text: String, plain: Bool, mark: Mark?) throws(UnreadableScalar) -> Self {
        guard let value = Self(rawValue: text) else {
            throw UnreadableScalar(nearest(to: text, in: allCases.map(\.rawValue)).map { "did you mean '\($0)'?" })
        }
        return value
    }
    /// The word.
    public var node: Node { .string(rawValue) }
}
