package import LatheComponents
package import LatheSpec
import LatheSystem

/// The text of saved web pages, one document per page, extracted as the source `web` does.
package struct HTMLSource: DataSource {
    package struct Config: ComponentConfig {
        @Field(
            "A saved page, a folder (its .html, .htm and .xhtml files), a pattern such as pages/**/*.html, or a list of "
                + "them.",
            count: 1..., orSingle: true)
        package var path: [SpecPath]
        @Field(
            "What to extract: main content as in reader views, or all but navigation, footers, asides and controls."
        )
        package var content = PageParts.main
        @Field(
            "Elements to keep, by tag, class or id: article, .post, '#content', div.entry; empty for the whole page.",
            orSingle: true)
        package var select: [String] = []
        @Field("Elements to leave out, by tag, class or id.", orSingle: true) package var drop: [String] = []
        @Field("Whether the text begins with the page's title; if not, a heading that repeats it is dropped.") package
            var title = false
        @Field("If a page fails or has no text: error, or skip, which counts it in the data card.") package
            var failing =
            WebSource.Failing.error
        @Field("The licence of the text, for the data card.", identity: false) package var license: String?

        package init() {}

        package func check(_ problems: inout Problems) {
            ExtractionOptions.check(select, at: $select.mark, &problems)
            ExtractionOptions.check(drop, at: $drop.mark, &problems)
        }
    }

    package static let name = "html"
    package static let summary = "The text of saved web pages, by path, folder or pattern; one document per page."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func validate(in context: ExperimentContext) -> [Diagnostic] {
        config.path.compactMap { path in
            do throws(DataError) {
                _ = try files(of: path)
                return nil
            } catch { return Diagnostic(error.description, at: path.mark) }
        }
    }

    package var documentLayout: DocumentLayout {
        config.path.count == 1 && (try? files(of: config.path[0]))?.count == 1 ? .one : .several
    }

    /// A folder of saved pages holds their pictures and styles too.
    private func files(of path: SpecPath) throws(DataError) -> [String] {
        let found = try SourceFiles.find(path.resolved)
        guard !found.isEmpty, found.allSatisfy({ $0.hasPrefix(path.resolved + "/") }) else { return found }
        let pages = found.filter { file in
            [".html", ".htm", ".xhtml"].contains { file.lowercased().hasSuffix($0) }
        }
        guard !pages.isEmpty else {
            throw DataError(path.resolved, "is a folder without .html, .htm or .xhtml files; give a pattern")
        }
        return pages
    }

    /// - Throws: ``DataError`` for a path that matches no page.
    package func gather(_ context: SourceContext) throws -> Corpus {
        var paths: [String] = []
        for path in config.path { paths += try files(of: path) }
        let options = ExtractionOptions(
            config.content, select: config.select, drop: config.drop, keepsTitle: config.title)
        let (license, skips) = (config.license, config.failing == .skip)
        return Corpus(files: paths.map { SourceFile($0, license: license) }) { [paths] in
            SavedPages(paths, options, skips: skips)
        }
    }
}

private struct SavedPages: PassageReader {
    private var rest: ArraySlice<String>
    private let options: ExtractionOptions
    private let skips: Bool
    private(set) var skipped = SkippedRows()
    /// The text of the current page that has not been delivered.
    private var text: Substring.UTF8View = ""[...].utf8

    init(_ paths: [String], _ options: ExtractionOptions, skips: Bool) {
        rest = paths[...]
        self.options = options
        self.skips = skips
    }

    mutating func next() throws -> Passage? {
        while text.isEmpty {
            guard let path = rest.popFirst() else { return nil }
            do throws(DataError) { text = Substring(try page(path)).utf8 } catch {
                guard skips else { throw error }
                skipped.add(error)
            }
        }
        var end = text.index(text.startIndex, offsetBy: Passage.usualBytes, limitedBy: text.endIndex) ?? text.endIndex
        while end < text.endIndex, text[end] & 0xc0 == 0x80 { end = text.index(before: end) }
        defer { text = text[end...] }
        return Passage(text: String(Substring(text[..<end])), endsDocument: end == text.endIndex)
    }

    private func page(_ path: String) throws(DataError) -> String {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try DurableFile.read(path) } catch { throw DataError(error) }
        let page = try PageText(bytes, place: path, declared: nil, options: options)
        if let reason = page.emptyReason(options) { throw DataError(path, reason) }
        return page.text
    }
}
