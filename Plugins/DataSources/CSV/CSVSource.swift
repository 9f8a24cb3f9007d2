package import LatheComponents
package import LatheSpec

/// Files of comma-separated values (RFC 4180) with a header; one column holds the documents.
package struct CSVSource: DataSource {
    package enum Delimiter: String, Choice {
        case comma
        case semicolon
        /// A tab, as in .tsv files.
        case tab

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            }
        }
    }

    package struct Config: ComponentConfig {
        @Field(
            "A CSV file with a header (may be gzipped), a folder, a pattern such as corpus/*.csv, or a list of them.",
            count: 1..., orSingle: true)
        package var path: [SpecPath]
        @Field("The column that holds the documents, as named in the header.") package var column = "text"
        @Field("The field delimiter.") package var delimiter = Delimiter.comma
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}
    }

    package static let name = "csv"
    package static let summary = "Comma-separated values with a header: each field of one column is a document."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func validate(in context: ExperimentContext) -> [Diagnostic] { checkFiles(config.path) }

    /// - Throws: ``DataError`` for a path that matches no file, or an empty file.
    package func gather(_ context: SourceContext) throws -> Corpus {
        let paths = try findFiles(config.path)
        let (license, column, delimiter) = (config.license, config.column, config.delimiter.byte)
        return Corpus(files: paths.map { SourceFile($0, license: license) }) {
            CSVReader(paths, column: column, delimiter: delimiter)
        }
    }
}

private struct CSVReader: PassageReader {
    private var rest: ArraySlice<String>
    private let column: String
    private let delimiter: UInt8
    private var rows: CSVRows?
    private var index = 0
    private var cutter = DocumentCutter()

    init(_ paths: [String], column: String, delimiter: UInt8) {
        rest = paths[...]
        self.column = column
        self.delimiter = delimiter
    }

    mutating func next() throws -> Passage? {
        while true {
            if let passage = cutter.next() { return passage }
            if rows == nil {
                guard let path = rest.popFirst() else { return nil }
                try open(path)
            }
            guard let document = try rows?.next(keeping: index) else {
                rows = nil
                continue
            }
            cutter.take(document)
        }
    }

    private mutating func open(_ path: String) throws {
        let rows = try CSVRows(path, delimiter: delimiter)
        guard let header = try rows.header() else {
            throw DataError(path, "is empty; a file of comma-separated values needs a header")
        }
        guard let index = header.firstIndex(of: column) else {
            let known = header.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
            throw DataError(
                path, byteOffset: 0,
                "line 1: the header has no column '\(column)'; there are \(known); set data.source.column or delimiter")
        }
        let places = header.indices.filter { header[$0] == column }
        guard places.count == 1 else {
            throw DataError(
                path, byteOffset: 0,
                "line 1: the header has the column '\(column)' \(places.count) times, as columns "
                    + "\(places.map { String($0 + 1) }.joined(separator: " and ")); give each a unique name")
        }
        self.index = index
        self.rows = rows
    }
}
