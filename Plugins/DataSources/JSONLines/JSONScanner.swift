/// A syntax error in a line of JSON, at a byte offset.
struct JSONProblem: Error {
    var offset: Int
    var message: String
}

/// Scans one JSON object (RFC 8259) and extracts the string under one key.
struct JSONScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    /// Maximum nesting of objects and arrays.
    private static let deepest = 512

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The value of an object's key.
    enum Found {
        case text([UInt8])
        /// Not a string; its type, for messages.
        case other(String)
        /// Missing; the keys that do exist, at most 20.
        case nothing([String])
    }

    /// The string under a key. The input must be a single object.
    mutating func text(of key: [UInt8]) throws(JSONProblem) -> Found {
        skipSpace()
        guard peek == UInt8(ascii: "{") else { throw problem("is not a JSON object: it begins with \(shown)") }
        var found: Found?
        var keys: [String] = []
        place += 1
        skipSpace()
        if peek == UInt8(ascii: "}") {
            place += 1
        } else {
            while true {
                skipSpace()
                guard peek == UInt8(ascii: "\"") else { throw problem("found \(shown), expected a key in quotes") }
                let name = try string()
                skipSpace()
                guard peek == UInt8(ascii: ":") else {
                    throw problem("found \(shown), expected ':' after a key")
                }
                place += 1
                skipSpace()
                if name == key {
                    if peek == UInt8(ascii: "\"") {
                        found = .text(try string())
                    } else {
                        found = .other(kind)
                        try skipValue(depth: 1)
                    }
                } else {
                    if keys.count < 20 { keys.append(String(decoding: name, as: UTF8.self)) }
                    try skipValue(depth: 1)
                }
                skipSpace()
                if peek == UInt8(ascii: ",") {
                    place += 1
                    continue
                }
                guard peek == UInt8(ascii: "}") else {
                    throw problem("found \(shown), expected ',' or '}' after a value")
                }
                place += 1
                break
            }
        }
        skipSpace()
        guard place == bytes.count else { throw problem("found \(shown) after the object") }
        return found ?? .nothing(keys)
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func problem(_ message: String, at offset: Int? = nil) -> JSONProblem {
        JSONProblem(offset: offset ?? place, message: message)
    }

    /// The current byte, for messages.
    private var shown: String {
        guard let byte = peek else { return "its end" }
        return byte >= 0x20 && byte < 0x7f
            ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
    }

    /// The type of the value that starts here, for messages.
    private var kind: String {
        switch peek {
        case UInt8(ascii: "{"): "an object"
        case UInt8(ascii: "["): "a list"
        case UInt8(ascii: "n"): "null"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): "a boolean"
        default: "a number"
        }
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a { place += 1 }
    }

    private mutating func skipValue(depth: Int) throws(JSONProblem) {
        guard depth < Self.deepest else { throw problem("is nested more than \(Self.deepest) levels deep") }
        switch peek {
        case UInt8(ascii: "\""): try string(isKept: false)
        case UInt8(ascii: "{"): try skipItems(until: UInt8(ascii: "}"), hasKeys: true, depth: depth)
        case UInt8(ascii: "["): try skipItems(until: UInt8(ascii: "]"), hasKeys: false, depth: depth)
        case UInt8(ascii: "n"): try skipWord("null")
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        default: try skipNumber()
        }
    }

    private mutating func skipItems(until end: UInt8, hasKeys: Bool, depth: Int) throws(JSONProblem) {
        place += 1
        skipSpace()
        if peek == end {
            place += 1
            return
        }
        while true {
            skipSpace()
            if hasKeys {
                guard peek == UInt8(ascii: "\"") else { throw problem("found \(shown), expected a key in quotes") }
                try string(isKept: false)
                skipSpace()
                guard peek == UInt8(ascii: ":") else { throw problem("found \(shown), expected ':' after a key") }
                place += 1
                skipSpace()
            }
            try skipValue(depth: depth + 1)
            skipSpace()
            guard peek == UInt8(ascii: ",") || peek == end else {
                throw problem("found \(shown), expected ',' or '\(Character(Unicode.Scalar(end)))' after a value")
            }
            place += 1
            if bytes[place - 1] == end { return }
        }
    }

    private mutating func skipWord(_ word: StaticString) throws(JSONProblem) {
        for i in 0..<word.utf8CodeUnitCount {
            guard peek == word.utf8Start[i] else { throw problem("found \(shown), which is not a JSON value") }
            place += 1
        }
    }

    private mutating func skipNumber() throws(JSONProblem) {
        let start = place
        if peek == UInt8(ascii: "-") { place += 1 }
        let whole = place
        guard skipDigits() else { throw problem("found \(shown), which is not a JSON value", at: start) }
        if place - whole > 1, bytes[whole] == UInt8(ascii: "0") { throw problem("a number begins with 0", at: start) }
        if peek == UInt8(ascii: ".") {
            place += 1
            guard skipDigits() else { throw problem("a number ends with a decimal point", at: start) }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            place += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { place += 1 }
            guard skipDigits() else { throw problem("a number has no digits in its exponent", at: start) }
        }
    }

    private mutating func skipDigits() -> Bool {
        let start = place
        while let byte = peek, byte >= 0x30, byte <= 0x39 { place += 1 }
        return place > start
    }

    /// The string that starts here, unescaped, as UTF-8.
    @discardableResult
    private mutating func string(isKept: Bool = true) throws(JSONProblem) -> [UInt8] {
        let start = place
        var text: [UInt8] = []
        place += 1
        while true {
            let begin = place
            while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
            if isKept { text.append(contentsOf: bytes[begin..<place]) }
            switch peek {
            case nil: throw problem("the string that begins here has no end: a '\"' is missing", at: start)
            case UInt8(ascii: "\""):
                place += 1
                return text
            case UInt8(ascii: "\\"):
                let scalar = try escape()
                if isKept { text.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
            default: throw problem("found \(shown) in a string, where it must be escaped")
            }
        }
    }

    private mutating func escape() throws(JSONProblem) -> Unicode.Scalar {
        let start = place
        place += 1
        let byte = peek
        place += 1
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
            guard first < 0xdc00, peek == UInt8(ascii: "\\"), place + 1 < bytes.count,
                bytes[place + 1] == UInt8(ascii: "u")
            else { throw problem("an escape is half of a surrogate pair", at: start) }
            place += 2
            let second = try hexadecimal(start)
            guard second >= 0xdc00, second < 0xe000,
                let scalar = Unicode.Scalar(0x1_0000 + (first - 0xd800) << 10 + (second - 0xdc00))
            else { throw problem("an escape is half of a surrogate pair", at: start) }
            return scalar
        default: throw problem("an escape that is not valid in JSON", at: start)
        }
    }

    private mutating func hexadecimal(_ start: Int) throws(JSONProblem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw problem("an escape needs four hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return value
    }
}
