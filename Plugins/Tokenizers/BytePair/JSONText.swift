import LatheComponents

/// A JSON value with its byte offset in the file, for error messages.
struct JSONText {
    enum Value {
        case null
        case boolean(Bool)
        case number(Double)
        /// UTF-8, compared by bytes.
        case string([UInt8])
        case array([JSONText])
        case object([Member])
    }

    struct Member {
        var key: [UInt8]
        var offset: Int
        var value: JSONText
    }

    var offset: Int
    var value: Value

    /// The value of a key; nil if it is missing or null.
    subscript(key: String) -> JSONText? {
        guard case .object(let members) = value, let found = members.first(where: { $0.key.elementsEqual(key.utf8) }),
            !found.value.isNull
        else { return nil }
        return found.value
    }

    var isNull: Bool { if case .null = value { true } else { false } }
    var boolean: Bool? { if case .boolean(let value) = value { value } else { nil } }
    var text: String? { if case .string(let bytes) = value { String(decoding: bytes, as: UTF8.self) } else { nil } }
    var array: [JSONText]? { if case .array(let items) = value { items } else { nil } }
    var object: [Member]? { if case .object(let members) = value { members } else { nil } }
    /// A non-negative whole number.
    var index: Int? {
        if case .number(let number) = value, number >= 0, number < 1e15, number == number.rounded() {
            Int(number)
        } else {
            nil
        }
    }

    /// - Throws: ``DataError`` with line and byte if the file is not valid JSON.
    init(_ file: VocabularyText) throws(DataError) {
        var reader = JSONReader(file: file)
        self = try reader.readAll()
    }

    init(offset: Int, value: Value) {
        self.offset = offset
        self.value = value
    }
}

/// RFC 8259, with limited nesting; duplicate keys are an error.
private struct JSONReader {
    private static let deepest = 32
    let file: VocabularyText
    private var position = 0

    init(file: VocabularyText) { self.file = file }

    private var byte: UInt8? { position < file.bytes.count ? file.bytes[position] : nil }

    mutating func readAll() throws(DataError) -> JSONText {
        if let bad = file.bytes.withUnsafeBufferPointer(firstByteNotUTF8) { throw file.error(at: bad, "is not UTF-8") }
        let value = try read(depth: 0)
        skipSpace()
        guard byte == nil else { throw unexpected("the end of the file") }
        return value
    }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private func unexpected(_ wanted: String) -> DataError {
        guard position < file.bytes.count else {
            return file.error(at: position, "the file ends where \(wanted) was expected; it is truncated")
        }
        let end = min(file.bytes.count, position + 16)
        return file.error(
            at: position, "found \(VocabularyText.quote(file.bytes[position..<end])) where \(wanted) was expected")
    }

    private mutating func take(_ wanted: UInt8) throws(DataError) {
        skipSpace()
        guard byte == wanted else { throw unexpected("'\(Character(Unicode.Scalar(wanted)))'") }
        position += 1
    }

    /// Whether a list continues after an item.
    private mutating func goesOn(_ end: UInt8) throws(DataError) -> Bool {
        skipSpace()
        guard byte == UInt8(ascii: ",") || byte == end else {
            throw unexpected("',' or '\(Character(Unicode.Scalar(end)))'")
        }
        position += 1
        return file.bytes[position - 1] != end
    }

    private mutating func isEmpty(_ end: UInt8) -> Bool {
        position += 1
        skipSpace()
        guard byte == end else { return false }
        position += 1
        return true
    }

    private mutating func read(depth: Int) throws(DataError) -> JSONText {
        skipSpace()
        guard depth <= Self.deepest else {
            throw file.error(at: position, "is nested more than \(Self.deepest) levels deep")
        }
        let start = position
        switch byte {
        case UInt8(ascii: "{"): return JSONText(offset: start, value: .object(try readMembers(depth: depth)))
        case UInt8(ascii: "["):
            var items: [JSONText] = []
            if isEmpty(UInt8(ascii: "]")) { return JSONText(offset: start, value: .array([])) }
            repeat { items.append(try read(depth: depth + 1)) } while try goesOn(UInt8(ascii: "]"))
            return JSONText(offset: start, value: .array(items))
        case UInt8(ascii: "\""): return JSONText(offset: start, value: .string(try readString()))
        default: return JSONText(offset: start, value: try readWord())
        }
    }

    private mutating func readMembers(depth: Int) throws(DataError) -> [JSONText.Member] {
        if isEmpty(UInt8(ascii: "}")) { return [] }
        var members: [JSONText.Member] = []
        var keys = PieceTable()
        repeat {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
            let offset = position
            let key = try readString()
            guard keys.insert(key) == members.count else {
                throw file.error(at: offset, "the key \(VocabularyText.quote(key)) appears twice")
            }
            try take(UInt8(ascii: ":"))
            members.append(.init(key: key, offset: offset, value: try read(depth: depth + 1)))
        } while try goesOn(UInt8(ascii: "}"))
        return members
    }

    private mutating func readWord() throws(DataError) -> JSONText.Value {
        let start = position
        while let byte, byte > 0x20, byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"), byte != UInt8(ascii: "}") {
            position += 1
        }
        let word = String(decoding: file.bytes[start..<position], as: UTF8.self)
        switch word {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default:
            let isNumber = word.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
            guard isNumber, let number = Double(word), number.isFinite else {
                position = start
                throw unexpected("a value")
            }
            return .number(number)
        }
    }

    private mutating func readString() throws(DataError) -> [UInt8] {
        let start = position
        position += 1
        var text: [UInt8] = []
        while let byte, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw file.error(at: position, "a string contains a control character") }
            if byte == UInt8(ascii: "\\") {
                try readEscape(into: &text)
            } else {
                text.append(byte)
                position += 1
            }
        }
        guard byte != nil else { throw file.error(at: start, "the file ends inside this string; it is truncated") }
        position += 1
        return text
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(DataError) {
        let start = position
        position += 2
        let escaped = start + 1 < file.bytes.count ? file.bytes[start + 1] : 0
        switch escaped {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard var value = readHexadecimal() else { throw file.error(at: start, "is not a JSON escape") }
            if value & 0xfc00 == 0xd800, position + 1 < file.bytes.count, file.bytes[position] == UInt8(ascii: "\\"),
                file.bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                guard let low = readHexadecimal(), low & 0xfc00 == 0xdc00 else {
                    throw file.error(at: start, "is an unpaired surrogate")
                }
                value = 0x1_0000 + (value & 0x3ff) << 10 + (low & 0x3ff)
            }
            guard let scalar = Unicode.Scalar(value) else { throw file.error(at: start, "is an unpaired surrogate") }
            text.append(contentsOf: String(scalar).utf8)
        default: throw file.error(at: start, "is not a JSON escape")
        }
    }

    private mutating func readHexadecimal() -> UInt32? {
        guard position + 4 <= file.bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in file.bytes[position..<(position + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
