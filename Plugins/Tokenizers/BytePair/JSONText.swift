import LatheComponents
import LatheSystem

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
        let result = file.bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(DataError) in
                if let bad = firstByteNotUTF8(bytes) { throw file.error(at: bad, "is not UTF-8") }
                do throws(JSONError) {
                    var reader = try JSONReader(bytes, limits: JSONLimits(depth: 32, bytes: VocabularyText.mostBytes))
                    let value = try JSONText(&reader)
                    try reader.end(after: "what should be the end of the file")
                    return value
                } catch {
                    throw file.error(
                        at: error.offset, error.problem + (error.isTruncated ? "; the file is truncated" : ""))
                }
            }
        }
        self = try result.get()
    }

    private init(_ reader: inout JSONReader) throws(JSONError) {
        let kind = try reader.kind()
        offset = reader.offset
        switch kind {
        case .object:
            var members: [Member] = []
            try reader.object { (reader, key, place) throws(JSONError) in
                members.append(Member(key: key, offset: place, value: try JSONText(&reader)))
            }
            value = .object(members)
        case .array:
            var items: [JSONText] = []
            try reader.array { (reader) throws(JSONError) in items.append(try JSONText(&reader)) }
            value = .array(items)
        case .string: value = .string(try reader.string())
        case .number: value = .number(Double(try reader.numberText().text) ?? .nan)
        case .boolean: value = .boolean(try reader.boolean())
        case .null:
            try reader.null()
            value = .null
        }
    }
}
