package import LatheComponents
package import LatheSpec
import LatheSystem

/// JSON Lines files: each line is an object, and the string under one key is a document.
package struct JSONLinesSource: DataSource {
    package struct Config: ComponentConfig {
        @Field(
            "A JSON Lines file (may be gzipped), a folder, a pattern such as corpus/*.jsonl.gz, or a list of them.",
            count: 1..., orSingle: true)
        package var path: [SpecPath]
        @Field("The key whose text is the document.") package var column = "text"
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}
    }

    package static let name = "jsonl"
    package static let summary = "JSON Lines: each line is an object, and the text under one key is a document."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func validate(in context: ExperimentContext) -> [Diagnostic] { checkFiles(config.path) }

    /// - Throws: ``DataError`` for a path that matches no file, or an empty file.
    package func gather(_ context: SourceContext) throws -> Corpus {
        let paths = try findFiles(config.path)
        let (license, column) = (config.license, config.column)
        return Corpus(files: paths.map { SourceFile($0, license: license) }) { JSONLinesReader(paths, column: column) }
    }
}

private struct JSONLinesReader: PassageReader {
    private var rest: ArraySlice<String>
    private let column: String
    private var input: LineInput?
    private var cutter = DocumentCutter()

    init(_ paths: [String], column: String) {
        rest = paths[...]
        self.column = column
    }

    mutating func next() throws -> Passage? {
        while true {
            if let passage = cutter.next() { return passage }
            if input == nil {
                guard let path = rest.popFirst() else { return nil }
                input = try LineInput(path)
            }
            guard let input else { return nil }
            guard let document = try input.next({ try text($0, input) }) else {
                self.input = nil
                continue
            }
            if let document { cutter.take(document) }
        }
    }

    /// The document of a line; nil if the line is empty.
    private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ input: LineInput) throws -> [UInt8]? {
        let line = input.line
        func wrong(_ offset: Int, _ message: String) -> DataError {
            DataError(input.file.path, byteOffset: input.offset + offset, "line \(line): \(message)")
        }
        var bytes = bytes, skipped = 0
        if line == 1, bytes.starts(with: [0xef, 0xbb, 0xbf]) {  // a byte order mark
            bytes = UnsafeBufferPointer(rebasing: bytes[3...])
            skipped = 3
        }
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        let found: Found
        do throws(JSONError) { found = try self.text(in: bytes) } catch {
            throw wrong(skipped + error.offset, "is not JSON: \(error.problem)")
        }
        switch found {
        case .text(let text):
            guard String(validating: text, as: UTF8.self) != nil else {
                throw wrong(0, "the text under '\(column)' is not UTF-8; convert the file, for example with iconv")
            }
            return text
        case .other(let kind): throw wrong(0, "has \(kind) under '\(column)', where a string is needed")
        case .nothing(let keys):
            let known =
                keys.isEmpty
                ? "the object is empty"
                : "there are \(keys.map { "'\($0)'" }.joined(separator: ", ")); set data.source.column"
            throw wrong(0, "has no key '\(column)'; \(known)")
        }
    }

    /// What stands under the column's key.
    private enum Found {
        case text([UInt8])
        /// Not a string; its kind, for messages.
        case other(String)
        /// No such key; the keys that do exist, at most 20.
        case nothing([String])
    }

    private func text(in line: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Found {
        let column = Array(column.utf8)
        var found: Found?
        var keys: [String] = []
        var reader = try JSONReader(line, limits: JSONLimits(depth: 512))
        try reader.object { (reader, key, _) throws(JSONError) in
            guard key == column else {
                if keys.count < 20 { keys.append(String(decoding: key, as: UTF8.self)) }
                return try reader.skip()
            }
            let kind = try reader.kind()
            if kind == .string {
                found = .text(try reader.string())
            } else {
                found = .other(Self.name(kind))
                try reader.skip()
            }
        }
        try reader.end(after: "the object")
        return found ?? .nothing(keys)
    }

    private static func name(_ kind: JSONReader.Kind) -> String {
        switch kind {
        case .object: "an object"
        case .array: "a list"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
