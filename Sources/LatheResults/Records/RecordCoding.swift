import LatheSystem

public struct RecordError: Error, Sendable, Equatable, CustomStringConvertible {
    public var path: String
    /// Counted from 1, in files with one record per line.
    public var line: Int?
    public var problem: String

    public init(path: String, line: Int? = nil, problem: String) {
        self.path = path
        self.line = line
        self.problem = problem
    }

    /// For example `results/a/run.json: 'status' is missing`.
    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(problem)" }
}

/// JSON records, one per file, indented and with sorted keys: equal records have equal bytes and diff well.
enum RecordCoding {
    /// The largest file that is read, in bytes; far more than is ever written.
    static let sizeLimit = 64 << 20

    static func write(_ record: some Encodable, to path: String) throws {
        var bytes = try JSONCoding.bytes(record)
        bytes.append(UInt8(ascii: "\n"))
        try DurableFile.write(bytes, to: path)
    }

    /// - Throws: ``FileError`` if the file cannot be read, ``RecordError`` if its contents are wrong.
    static func read<Record: Decodable>(_ type: Record.Type, from path: String, schemaVersion: Int) throws -> Record {
        let bytes = try DurableFile.read(path, limit: sizeLimit)
        do {
            // Check the version first: a later one may have changed the meaning of everything else.
            let version = try JSONCoding.value(Version.self, from: bytes).schemaVersion
            guard version <= schemaVersion else {
                throw RecordError(
                    path: path,
                    problem:
                        "written by a newer Lathe (schema_version \(version)); this one reads up to \(schemaVersion)")
            }
            return try JSONCoding.value(type, from: bytes)
        } catch let error as DecodingError {
            throw RecordError(path: path, problem: describe(error))
        } catch is JSONError {
            throw RecordError(path: path, problem: "not valid JSON (truncated or edited?)")
        }
    }

    private struct Version: Decodable {
        let schemaVersion: Int

        enum CodingKeys: String, CodingKey { case schemaVersion = "schema_version" }
    }

    private static func describe(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
        }
        return switch error {
        case .keyNotFound(let key, let context): "'\(place(context, key))' is missing"
        case .valueNotFound(_, let context): "'\(place(context))' is null"
        case .typeMismatch(let type, let context): "'\(place(context))' is not of type \(type)"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "not valid JSON (truncated or edited?)"
        case .dataCorrupted(let context): "'\(place(context))': \(context.debugDescription)"
        @unknown default: "not a valid record"
        }
    }
}
