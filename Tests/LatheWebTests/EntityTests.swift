import Foundation
import LatheComponents
import LatheSpec
import LatheWeb
import Testing

@Suite struct EntityTests {
    /// All of HTML's named character references, and others at the edges, as html5lib 1.1 decodes them; see
    /// Tests/References/LatheWeb/make_entities.py.
    @Test func characterReferencesAsInBrowsers() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../References/LatheWeb/entities.json").standardizedFileURL
        let rows = try JSONDecoder().decode([[String]].self, from: Data(contentsOf: file))
        #expect(rows.count == 2242)
        let page = "<body>" + rows.map { "<p>x\($0[0])x</p>" }.joined() + "</body>"
        let text = try web([]) { $0.select = ["p"] }.text(ofPage: Array(page.utf8), place: "page")
        let lines = text.split(separator: "\n").map(String.init)
        try #require(lines.count == rows.count)
        for (line, row) in zip(lines, rows) {
            let expected = "x" + row[1] + (row[0].hasSuffix(" ") ? " x" : "x")
            #expect(Array(line.utf8) == Array(expected.utf8), "\(row[0])")
        }
    }

    /// In an attribute `&copy=` is part of an address; in text it is a sign (html5lib: `?a=1&copy=2` and `©=2`).
    @Test func attributesKeepTheirAddresses() throws {
        let page = "<meta http-equiv=refresh content='0; url=/?a=1&copy=2&lt=3&amp;b&mldr;'><p>&copy=2</p>"
        #expect {
            try web([]).text(ofPage: Array(page.utf8), place: "page")
        } throws: { "\($0)".contains("'/?a=1&copy=2&lt=3&b…' (meta refresh)") }
    }
}

@Suite struct HTMLSourceTests {
    private func source(_ paths: [String], _ change: (inout HTMLSource.Config) -> Void = { _ in }) -> HTMLSource {
        var config = HTMLSource.Config()
        config.path = paths.map { SpecPath($0) }
        change(&config)
        return HTMLSource(config)
    }

    private func read(_ source: HTMLSource) throws -> [String] {
        try documents(try source.gather(SourceContext(folder: "/nowhere")))
    }

    /// A saved page gives the text that `web` gives; what was saved beside it is left alone.
    @Test func pagesOfAFolder() throws {
        let folder = try TemporaryFolder()
        let pages = ["one", "two"].map { article("Sentence \($0)", around: "<nav>Home</nav>") }
        try FileManager.default.createDirectory(atPath: folder.path + "/b_files", withIntermediateDirectories: true)
        for (name, content) in [
            ("a.html", pages[0]), ("b.HTM", pages[1]), ("b_files/style.css", "p {}"), ("b_files/x.js", "let a = 1"),
        ] {
            try Data(content.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
        }
        let expected = try pages.map { try web([]).text(ofPage: Array($0.utf8), place: "page") }
        #expect(expected[0].hasPrefix("Sentence one, and so on"))
        #expect(try read(source([folder.path])) == expected)
        #expect(try read(source([folder.path + "/*.html"])) == [expected[0]])
        #expect(try read(source([folder.path]) { $0.select = ["nav"] }) == ["Home\n", "Home\n"])
        #expect(source([folder.path + "/a.html"]).documentLayout == .one)
    }

    @Test func pagesWithoutText() throws {
        let folder = try TemporaryFolder()
        for (name, content, says) in [
            ("empty.html", "<body><nav>Home</nav></body>", "has no text"),
            (
                "sent.html", "<meta http-equiv=Refresh content=\"0;URL='https://example.org/a'\"><p>Wait.</p>",
                "only sends its readers on to 'https://example.org/a' (meta refresh)"
            ),
            ("paper.html", "%PDF-1.7 and so on", "is a PDF, not an HTML page"),
        ] {
            let path = folder.path + "/" + name
            try Data(content.utf8).write(to: URL(fileURLWithPath: path))
            let message = failure { _ = try read(source([path])) }
            #expect(message?.contains(path + ": " + says) == true, "\(message ?? "nothing")")
        }
        try Data(article("Kept").utf8).write(to: URL(fileURLWithPath: folder.path + "/good.html"))
        var reader = try source([folder.path]) { $0.failing = .skip }.gather(SourceContext(folder: "/nowhere")).reader()
        var found: [Passage] = []
        try reader.forEach { found.append($0) }
        #expect(found.count == 1 && reader.skipped.count == 3)
    }

    @Test func anArticleBehindAnOpenDialog() throws {
        let body = String(repeating: "<p>The article goes on, sentence after sentence, as articles do.</p>", count: 6)
        func page(_ dialog: String) -> String {
            "<body><div id=app aria-hidden=true><article>\(body)</article><i aria-hidden=true>icon</i></div>\(dialog)</body>"
        }
        let open = page("<div role=dialog aria-modal=true><p>We value your privacy.</p></div>")
        let text = try web([]).text(ofPage: Array(open.utf8), place: "page")
        #expect(text.hasPrefix("The article goes on") && !text.contains("privacy") && !text.contains("icon"))
        #expect(throws: EmptyPage.self) { try web([]).text(ofPage: Array(page("").utf8), place: "page") }
    }

    @Test(arguments: [
        "<div class='cookie-banner'><p>We use cookies, as all do.</p><button>Accept</button></div>",
        "<div id='onetrust-consent-sdk'><div><p>Your choices matter to us.</p></div></div>",
        "<section class='site-banner'>This site uses cookies to work.<a href='/p'>More</a></section>",
    ]) func consentIsNotText(banner: String) throws {
        let page = "<body>\(banner)<main><p>A short article, of one sentence.</p></main></body>"
        #expect(
            try web([]).text(ofPage: Array(page.utf8), place: "page") == "A short article, of one sentence.\n")
    }

    /// An article about cookies is one.
    @Test func cookiesCanBeTheSubject() throws {
        let page = "<body><article class='cookie-bars'><p>Mix the dough, bake the cookies.</p></article></body>"
        #expect(try web([]).text(ofPage: Array(page.utf8), place: "page") == "Mix the dough, bake the cookies.\n")
    }
}
