/// What is wrong with JSON text, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    public var problem: String
    /// In bytes from the start of the text.
    public var offset: Int
    /// Whether the text ends too soon.
    public var isTruncated = false

    /// For example `found '}', expected ':' after a key at byte 17`.
    public var description: String { "\(problem) at byte \(offset)" }
}

/// How deep and how large JSON text may be.
public struct JSONLimits: Sendable {
    /// Nested objects and arrays.
    public var depth: Int
    public var bytes: Int

    public init(depth: Int = 64, bytes: Int = .max) { (self.depth, self.bytes) = (depth, bytes) }
}

/// Reads JSON text (RFC 8259) value by value, as the caller asks for them. A key that appears twice in an object is an
/// error.
public struct JSONReader {
    public enum Kind: Sendable { case object, array, string, number, boolean, null }

    /// Where the reader is, in bytes.
    public private(set) var offset = 0
    private var depth = 0
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits

    /// - Parameter bytes: must outlive the reader.
    public init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.bytes = bytes
        self.limits = limits
        guard bytes.count <= limits.bytes else { throw error("is larger than \(limits.bytes) bytes") }
    }

    // MARK: Values

    /// The kind of the next value, without reading it.
    public mutating func kind() throws(JSONError) -> Kind {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"): return .number
        case let byte? where (0x30...0x39).contains(byte): return .number
        default: throw error("found \(shown), which is not a JSON value")
        }
    }

    /// Reads an object; `member` reads the value of each key, whose place it is told.
    public mutating func object(
        _ member: (inout JSONReader, _ key: [UInt8], _ place: Int) throws(JSONError) -> Void
    ) throws(JSONError) {
        try enter(UInt8(ascii: "{"), or: "is not a JSON object: it begins with ")
        var keys = KeySet()
        var isFirst = true
        while try hasNext(before: UInt8(ascii: "}"), isFirst: &isFirst) {
            guard next == UInt8(ascii: "\"") else { throw error("found \(shown), expected a key in quotes") }
            let place = offset
            let key = try string()
            guard keys.insert(key) else {
                throw JSONError(problem: "the key \(Self.quoted(key)) appears twice", offset: place)
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("found \(shown), expected ':' after a key") }
            skipSpace()
            try member(&self, key, place)
        }
    }

    /// Reads an array; `item` reads each of its values.
    public mutating func array(_ item: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        try enter(UInt8(ascii: "["), or: "expected a list, but it begins with ")
        var isFirst = true
        while try hasNext(before: UInt8(ascii: "]"), isFirst: &isFirst) { try item(&self) }
    }

    /// Reads a value without keeping it.
    public mutating func skip() throws(JSONError) {
        switch try kind() {
        case .object: try object { (reader, _, _) throws(JSONError) in try reader.skip() }
        case .array: try array { (reader) throws(JSONError) in try reader.skip() }
        case .string: try string(isKept: false)
        case .number: _ = try numberText()
        case .boolean: _ = try boolean()
        case .null: try null()
        }
    }

    public mutating func boolean() throws(JSONError) -> Bool {
        if next == UInt8(ascii: "t") {
            try word("true")
            return true
        }
        try word("false")
        return false
    }

    public mutating func null() throws(JSONError) { try word("null") }

    /// The text of a number, which `Double` can read.
    public mutating func numberText() throws(JSONError) -> (text: String, isInteger: Bool) {
        let start = offset
        func wrong(_ problem: String) -> JSONError { JSONError(problem: problem, offset: start) }
        _ = take(UInt8(ascii: "-"))
        let whole = offset
        guard skipDigits() else { throw JSONError(problem: "found \(shown), expected a digit", offset: offset) }
        if offset - whole > 1, bytes[whole] == UInt8(ascii: "0") { throw wrong("a number begins with 0") }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard skipDigits() else { throw wrong("a number ends with a decimal point") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() else { throw wrong("a number has no digits in its exponent") }
        }
        return (String(decoding: bytes[start..<offset], as: UTF8.self), isInteger)
    }

    /// The string that starts here, unescaped; whether it is UTF-8 is not checked.
    ///
    /// - Parameter isKept: whether the text is wanted; if not, it is empty.
    @discardableResult
    public mutating func string(isKept: Bool = true) throws(JSONError) -> [UInt8] {
        let start = offset
        guard take(UInt8(ascii: "\"")) else { throw error("found \(shown), expected a string") }
        var text: [UInt8] = []
        while true {
            let begin = offset
            while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
            if isKept { text.append(contentsOf: bytes[begin..<offset]) }
            switch next {
            case nil:
                throw JSONError(
                    problem: "the string that begins here has no end: a '\"' is missing", offset: start,
                    isTruncated: true)
            case UInt8(ascii: "\""):
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                let scalar = try escape()
                if isKept { text.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
            default: throw error("found \(shown) in a string, where it must be escaped")
            }
        }
    }

    /// Checks that nothing but space follows.
    public mutating func end(after value: String = "the value") throws(JSONError) {
        skipSpace()
        guard offset == bytes.count else { throw error("found \(shown) after \(value)") }
    }

    // MARK: Parts

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// The current byte, for messages.
    private var shown: String {
        guard let byte = next else { return "its end" }
        return byte >= 0x20 && byte < 0x7f
            ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
    }

    /// Text of the file as quoted in messages: printable and shortened.
    public static func quoted(_ text: some Collection<UInt8>) -> String {
        let scalars = String(decoding: text.prefix(48), as: UTF8.self).unicodeScalars.map {
            $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
        }
        return "'" + scalars.joined() + (text.count > 48 ? "…" : "") + "'"
    }

    private func error(_ problem: String) -> JSONError {
        JSONError(problem: problem, offset: offset, isTruncated: offset >= bytes.count)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func enter(_ bracket: UInt8, or problem: StaticString) throws(JSONError) {
        skipSpace()
        guard depth < limits.depth else { throw error("is nested more than \(limits.depth) levels deep") }
        guard take(bracket) else { throw error("\(problem)\(shown)") }
        depth += 1
    }

    /// Whether a list continues; takes the comma before its next item, or its end.
    private mutating func hasNext(before end: UInt8, isFirst: inout Bool) throws(JSONError) -> Bool {
        skipSpace()
        if take(end) {
            depth -= 1
            return false
        }
        if !isFirst {
            guard take(UInt8(ascii: ",")) else {
                throw error("found \(shown), expected ',' or '\(Character(Unicode.Scalar(end)))' after a value")
            }
            skipSpace()
        }
        isFirst = false
        return true
    }

    private mutating func word(_ text: StaticString) throws(JSONError) {
        for index in 0..<text.utf8CodeUnitCount {
            guard take(text.utf8Start[index]) else { throw error("expected \(text)") }
        }
    }

    private mutating func skipDigits() -> Bool {
        let start = offset
        while let byte = next, byte >= 0x30, byte <= 0x39 { offset += 1 }
        return offset > start
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let start = offset
        func wrong(_ problem: String) -> JSONError { JSONError(problem: problem, offset: start) }
        offset += 1
        let byte = next
        offset = min(offset + 1, bytes.count)
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte ?? 0)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try hexadecimal(start)
            if let scalar = Unicode.Scalar(first) { return scalar }
            guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw wrong("an escape is half of a surrogate pair")
            }
            let second = try hexadecimal(start)
            guard second >= 0xdc00, second < 0xe000,
                let scalar = Unicode.Scalar(0x1_0000 + (first - 0xd800) << 10 + (second - 0xdc00))
            else { throw wrong("an escape is half of a surrogate pair") }
            return scalar
        default: throw wrong("an escape that is not valid in JSON")
        }
    }

    private mutating func hexadecimal(_ start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw JSONError(problem: "an escape needs four hexadecimal digits", offset: start)
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}

/// The keys of an object so far, compared by bytes.
private struct KeySet {
    private var few: [[UInt8]] = []
    private var many: Set<[UInt8]> = []

    /// False if the key is there already.
    mutating func insert(_ key: [UInt8]) -> Bool {
        if few.count < 16 {
            guard !few.contains(key) else { return false }
            few.append(key)
            return true
        }
        if many.isEmpty { many = Set(few) }
        return many.insert(key).inserted
    }
}
