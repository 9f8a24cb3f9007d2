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
        @Field("If a row cannot be read: error, or skip, which counts it in the data card.") package var onError =
            RowError.error
        @Field(
            "Files to validate on, as in path; without any, a part of the text as set by data.split.", orSingle: true)
        package var validation: [SpecPath] = []
        @Field("Files to test on, as in path; they need validation files too.", orSingle: true)
        package var test: [SpecPath] = []
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}

        package func check(_ problems: inout Problems) {
            SplitFiles.check(validation: validation, test: test, at: $test.mark, &problems)
        }
    }

    package static let name = "jsonl"
    package static let summary = "JSON Lines: each line is an object, and the text under one key is a document."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func validate(in context: ExperimentContext) -> [Diagnostic] {
        checkFiles(config.path + config.validation + config.test)
    }

    /// - Throws: ``DataError`` for a path that matches no file, or an empty file.
    package func gather(_ context: SourceContext) throws -> Corpus {
        let (column, skips) = (config.column, config.onError == .skip)
        return try SplitFiles(config.path, validation: config.validation, test: config.test)
            .corpus(license: config.license) { JSONLinesReader($0, column: column, skips: skips) }
    }
}

private struct JSONLinesReader: PassageReader {
    private var rest: ArraySlice<String>
    private let column: String
    private var input: LineInput?
    private var cutter = DocumentCutter()
    private let skips: Bool
    private(set) var skipped = SkippedRows()

    init(_ paths: [String], column: String, skips: Bool) {
        rest = paths[...]
        self.skips = skips
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
            let row = try input.next { bytes in
                Result { () throws(DataError) -> [UInt8]? in try text(bytes, input) }
            }
            switch row {
            case nil: self.input = nil
            case .success(let document): if let document { cutter.take(document) }
            case .failure(let error):
                guard skips else { throw error }
                skipped.add(error)
            }
        }
    }

    /// The document of a line; nil if the line is empty.
    private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ input: LineInput) throws(DataError) -> [UInt8]? {
        let line = input.line
        func wrong(_ offset: Int, _ message: String) -> DataError {
            DataError(input.file.path, byteOffset: input.offset + offset, "line \(line): \(message)")
        }
        var bytes = bytes, skipped = 0
        if line == 1, bytes.starts(with: byteOrderMark) {
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
