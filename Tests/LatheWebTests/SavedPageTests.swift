import Foundation
import LatheWeb
import Testing

/// The text of saved pages against a reader view's, if the pages are there.
@Suite struct SavedPageTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "../shared/data/readability").standardized

    static let pages = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []

    /// Lower-cased words with their counts.
    private func words(_ text: String) -> [Substring: Int] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.reduce(into: [:]) {
            $0[$1, default: 0] += 1
        }
    }

    @Test(.enabled(if: !pages.isEmpty)) func wordsAreThoseThatAreExpected() throws {
        var recalls: [Double] = [], precisions: [Double] = []
        for page in Self.pages {
            let folder = Self.folder.appending(path: page)
            guard let source = try? Data(contentsOf: folder.appending(path: "source.html")),
                let expected = try? Data(contentsOf: folder.appending(path: "expected.html"))
            else { continue }
            let found = words(try web([]).text(ofPage: Array(source), place: page))
            // All of the expected page is text.
            let wanted = words(
                try web([]) { $0.select = ["#readability-page-1"] }.text(ofPage: Array(expected), place: page))
            let both = wanted.reduce(0) { $0 + min($1.value, found[$1.key] ?? 0) }
            recalls.append(Double(both) / Double(max(1, wanted.values.reduce(0, +))))
            precisions.append(Double(both) / Double(max(1, found.values.reduce(0, +))))
            #expect(recalls[recalls.count - 1] >= 0.90, "\(page)")
            #expect(precisions[precisions.count - 1] >= 0.85, "\(page)")
        }
        #expect(recalls.reduce(0, +) / Double(recalls.count) >= 0.98)
        #expect(precisions.reduce(0, +) / Double(precisions.count) >= 0.95)
    }
}
