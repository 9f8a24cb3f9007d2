extension JSONValue {
    /// Parses UTF-8 text.
    public init(
        parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(JSONError) {
        let read = { (buffer: UnsafeBufferPointer<UInt8>) in
            Result { () throws(JSONError) -> JSONValue in
                var reader = try JSONReader(buffer, limits: limits)
                let value = try reader.value()
                try reader.end()
                return value
            }
        }
        let result = bytes.withContiguousStorageIfAvailable(read) ?? Array(bytes).withUnsafeBufferPointer(read)
        self = try result.get()
    }

    public init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }
}

extension JSONReader {
    mutating func value() throws(JSONError) -> JSONValue {
        switch try kind() {
        case .object:
            var members: [JSONValue.Member] = []
            try object { (reader, key, place) throws(JSONError) in
                members.append(.init(try Self.text(key, at: place), try reader.value()))
            }
            return .object(members)
        case .array:
            var values: [JSONValue] = []
            try array { (reader) throws(JSONError) in values.append(try reader.value()) }
            return .array(values)
        case .string:
            let place = offset
            return .string(try Self.text(try string(), at: place))
        case .number:
            let (text, isInteger) = try numberText()
            // "-0" keeps its sign as a double.
            if isInteger, let value = Int(text), value != 0 || text == "0" { return .integer(value) }
            return .number(Double(text) ?? .nan)
        case .boolean: return .bool(try boolean())
        case .null:
            try null()
            return .null
        }
    }

    private static func text(_ bytes: [UInt8], at place: Int) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw JSONError(problem: "a string is not UTF-8", offset: place)
        }
        return text
    }
}
