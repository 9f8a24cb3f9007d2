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

    package static let name = "csv"
    package static let summary = "Comma-separated values with a header: each field of one column is a document."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func validate(in context: ExperimentContext) -> [Diagnostic] {
        checkFiles(config.path + config.validation + config.test)
    }

    /// - Throws: ``DataError`` for a path that matches no file, or an empty file.
    package func gather(_ context: SourceContext) throws -> Corpus {
        let (column, delimiter, skips) = (config.column, config.delimiter.byte, config.onError == .skip)
        return try SplitFiles(config.path, validation: config.validation, test: config.test)
            .corpus(license: config.license) { CSVReader($0, column: column, delimiter: delimiter, skips: skips) }
    }
}

private struct CSVReader: PassageReader {
    private var rest: ArraySlice<String>
    private let column: String
    private let delimiter: UInt8
    private var rows: CSVRows?
    private var index = 0
    private var cutter = DocumentCutter()
    private let skips: Bool
    private(set) var skipped = SkippedRows()

    init(_ paths: [String], column: String, delimiter: UInt8, skips: Bool) {
        self.skips = skips
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
            do {
                guard let document = try rows?.next(keeping: index) else {
                    rows = nil
                    continue
                }
                cutter.take(document)
            } catch let error as DataError {
                guard skips, try rows?.skipRow() == true else { throw error }
                skipped.add(error)
            }
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
