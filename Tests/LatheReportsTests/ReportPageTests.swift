import LatheSystem
import Foundation
import LatheReports
import LatheResults
import Testing

@Suite struct ReportPageTests {
    /// Text that would end its element or be markup if it were not escaped.
    private static let hostile = [
        "</script><script>alert(1)</script>", "<!--<script>", "]]>", "<img src=x onerror=alert(1)>", "&lt;script&gt;",
        "\u{2028}\u{2029}", "\"'\\`${1}", "@script@ @data@", "\u{202E}gnp\u{0}",
    ]

    private func text(_ page: [UInt8]) -> String { String(decoding: page, as: UTF8.self) }

    private func parts(_ page: String, from opening: String, to closing: String) -> [String] {
        page.components(separatedBy: opening).dropFirst().map { $0.components(separatedBy: closing)[0] }
    }

    @Test(arguments: hostile) func textStaysText(hostile: String) throws {
        let data = JSONValue.object([.init("name", .string(hostile)), .init(hostile, .array([.string(hostile)]))])
        let page = text(ReportPage.html(title: hostile, data: data)),
            plain = text(ReportPage.html(title: "", data: .null))
        for mark in ["<script", "</script", "<!--", "<img", "<style", "]]>"] {
            #expect(
                page.components(separatedBy: mark).count == plain.components(separatedBy: mark).count, "\(mark)")
        }
        let title = try #require(parts(page, from: "<title>", to: "</title>").first)
        #expect(
            title
                == TextWidth.printable(hostile).replacingOccurrences(of: "&", with: "&amp;")
                .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;"))
        let embedded = try #require(parts(page, from: "id=\"data\">", to: "</script>").first)
        #expect(!embedded.contains("\u{2028}") && !embedded.contains("<") && !embedded.contains("&"))
        let back = try JSONSerialization.jsonObject(with: Data(embedded.utf8)) as? [String: Any]
        #expect(back?["name"] as? String == hostile)
        #expect(back?[hostile] as? [String] == [hostile])
    }

    /// The Content Security Policy allows the page's own script and style sheet, by hash, and nothing else.
    @Test func thePolicyNamesWhatIsThere() throws {
        let page = text(ReportPage.html(title: "t", data: .null))
        let policy = try #require(parts(page, from: "Content-Security-Policy\" content=\"", to: "\"").first)
        func hash(_ text: String) -> String { Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString() }
        let script = try #require(parts(page, from: "<script>", to: "</script>").first)
        let style = try #require(parts(page, from: "<style>", to: "</style>").first)
        #expect(script.count > 10_000 && style.count > 5000)
        #expect(
            policy == "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'; "
                + "img-src data:; base-uri 'none'; form-action 'none'")
        #expect(parts(page, from: "<script", to: ">").count == 2)
    }

    /// The script never turns text into elements and makes no requests.
    @Test(arguments: [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(",
        "XMLHttpRequest", "import(", "src=\"", "@import", "url(",
    ]) func theScriptDoesWithout(word: String) {
        #expect(!text(ReportPage.html(title: "t", data: .null)).contains(word))
    }

    @Test func addressesAreNamesOnly() {
        let page = text(ReportPage.html(title: "t", data: .null))
        #expect(
            page.components(separatedBy: "://").count - 1
                == page.components(separatedBy: "http://www.w3.org/2000/svg").count - 1)
    }

    /// Control characters and changes of text direction never reach the page, whichever field they come from.
    @Test func whatIsShownIsPrintable() throws {
        let bad = "x\u{1B}[31m\u{202E}\u{7}y"
        let path = NSTemporaryDirectory() + "lathe-report-\(UUID().uuidString)"
        let folder = RunFolder(path: path)
        try FileManager.default.createDirectory(atPath: folder.samples, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "first\n\t\(bad)".write(toFile: folder.sample(step: 3), atomically: true, encoding: .utf8)
        try "logged\n\(bad)\n".write(toFile: folder.log, atomically: true, encoding: .utf8)
        let runs = ["1\(bad)", "2"].map { value in
            var record = RunRecord(
                name: bad, identity: value, seed: 1, latheVersion: "1",
                configuration: ["a\(bad)": value, "b\(bad)": bad])
            record.failure = bad
            let summary = RunSummary(
                steps: 2, tokens: 2, final: [MetricName.validationBitsPerByte: 1],
                best: [MetricName.validationBitsPerByte: 1], bestStep: 1,
                verdict: OverfittingVerdict(kind: .overfitting, text: bad), seconds: 1, parameters: 1)
            return RunDigest(record: record, status: .failed, path: path, figures: RunFigures(summary: summary))
        }
        var data = ReportData(title: bad, comparison: RunComparison(runs), version: "1")
        data.swept = [bad]
        data.notes = [bad]
        let page = text(data.page { _ in })
        #expect(page.contains("x�[31m��y"))
        let embedded = try #require(parts(page, from: "id=\"data\">", to: "</script>").first)
        #expect(embedded.contains("first\\n\\tx�[31m��y") && embedded.contains("logged\\nx�[31m��y"))
        for scalar in ["\u{1B}", "\u{202E}", "\u{7}", "\\u001b", "\\u202e", "\\u0007"] {
            #expect(!page.lowercased().contains(scalar), "\(scalar.debugDescription)")
        }
    }
}
