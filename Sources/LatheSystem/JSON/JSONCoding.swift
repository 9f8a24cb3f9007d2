#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Swift's coding of values as JSON. Numbers that are not finite are the strings "nan", "inf" and "-inf".
public enum JSONCoding {
    public enum Layout: Sendable {
        case compact
        /// Indented, with sorted keys: equal values have equal bytes.
        case sorted
        /// As `sorted`, with slashes escaped.
        case sortedEscaped
    }

    /// - Parameter usesSnakeCase: whether keys change from `camelCase` to `snake_case`.
    public static func bytes(
        _ value: some Encodable, _ layout: Layout = .sorted, usesSnakeCase: Bool = false
    ) throws -> [UInt8] {
        let encoder = JSONEncoder()
        switch layout {
        case .compact: break
        case .sorted: encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        case .sortedEscaped: encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        }
        if usesSnakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return Array(try encoder.encode(value))
    }

    /// - Throws: ``JSONError`` for text that is not JSON; `DecodingError` for other values than the type's.
    public static func value<Value: Decodable>(
        _ type: Value.Type, from bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits(depth: 512)
    ) throws -> Value {
        let bytes = Array(bytes)
        try bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(JSONError) in
                var reader = try JSONReader(bytes, limits: limits)
                try reader.skip()
                try reader.end()
            }
        }.get()
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(type, from: Data(bytes))
    }
}
