package import LatheComponents
package import LatheSpec

/// UTF-8 text files, optionally gzipped.
package struct TextSource: DataSource {
    package enum Unit: String, Choice {
        case file
        case line
        /// Paragraphs, between lines that are empty or blank.
        case blankLine = "blank_line"
        /// What stands between two separators.
        case separator
    }

    package struct Config: ComponentConfig {
        @Field(
            "A UTF-8 text file (may be gzipped), a folder, a pattern such as corpus/**/*.txt, or a list of them.",
            count: 1..., orSingle: true)
        package var path: [SpecPath]
        @Field(
            "What a document is: a file, a line, a paragraph (blank_line), or the text between separators.")
        package var documents = Unit.file
        @Field("The text between two documents, with documents: separator.") package var separator = "<|endoftext|>"
        @Field(
            "Files to validate on, as in path; without any, a part of the text as set by data.split.", orSingle: true)
        package var validation: [SpecPath] = []
        @Field("Files to test on, as in path; they need validation files too.", orSingle: true)
        package var test: [SpecPath] = []
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}

        package func check(_ problems: inout Problems) {
            if separator.isEmpty { problems.error("separator must not be empty", at: $separator.mark) }
            SplitFiles.check(validation: validation, test: test, at: $test.mark, &problems)
        }
    }

    package static let name = "text"
    package static let summary =
        "Text files in UTF-8, by path, folder or pattern; a document is a file or a part of one."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package init(paths: [String]) {
        var config = Config()
        config.path = paths.map { SpecPath($0) }
        self.config = config
    }

    package func validate(in context: ExperimentContext) -> [Diagnostic] {
        checkFiles(config.path + config.validation + config.test)
    }

    package var documentLayout: DocumentLayout {
        guard config.documents == .file, let files = try? files else { return .several }
        return [files.training, files.validation, files.test].allSatisfy { $0.count <= 1 } ? .one : .several
    }

    private var files: SplitFiles {
        get throws(DataError) { try SplitFiles(config.path, validation: config.validation, test: config.test) }
    }

    /// - Throws: ``DataError`` for a path that matches no file, or an empty file.
    package func gather(_ context: SourceContext) throws -> Corpus {
        let (unit, separator) = (config.documents, config.separator)
        return try files.corpus(license: config.license) { paths in
            switch unit {
            case .file: TextReader(paths)
            case .line: LineDocuments(paths, isParagraph: false)
            case .blankLine: LineDocuments(paths, isParagraph: true)
            case .separator: SeparatedDocuments(paths, separator: separator)
            }
        }
    }
}
