import Foundation
import LatheComponents
import LatheWeb
import Testing

/// Which parts of a page are text, and how they are laid out.
@Suite struct ExtractionTests {
    private func text(_ page: String, _ change: (inout WebSource.Config) -> Void = { _ in }) throws -> String {
        do { return try web([], change).text(ofPage: Array(page.utf8), place: "page") } catch is EmptyPage { return "" }
    }

    @Test func layout() throws {
        let page = """
            <html><body><h2>Head&shy;ing</h2><p>One <b>bold</b>word,&nbsp;two
              lines.<br>Three.</p><ul><li>first<li>second<ol><li>inner</ol></ul>
            <table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
            <pre>  x = 1
                y</pre>loose<div>in<span>line</span></div><blockquote>quoted</blockquote>
            <dl><dt>term<dd>meaning</dl></body></html>
            """
        #expect(
            try text(page) == """
                Heading

                One boldword, two lines.
                Three.

                - first
                - second
                  - inner

                a | b
                1 | 2

                  x = 1
                    y

                loose
                inline

                quoted

                term
                meaning

                """)
    }

    @Test func whatNobodySees() throws {
        let page = """
            <body><p>seen</p><p hidden>a</p><p style="color: red; DISPLAY : none">b</p><p style="visibility:hidden">c</p>
            <div aria-hidden="true">d</div><script>if (a < b) { "<p>e</p>" }</script><style>p {}</style><noscript>f</noscript>
            <template><p>g</p></template><dialog>h</dialog><svg><text>i</text></svg><select><option>j</select>
            <textarea>k</textarea><iframe>l</iframe><!-- <p>m</p> --><p style="display: block">seen too</p></body>
            """
        for content in [WebSource.Content.main, .all] {
            #expect(try text(page) { $0.content = content } == "seen\n\nseen too\n")
        }
    }

    @Test func mainContent() throws {
        let around = """
            <header class="site-header"><h1>The Site</h1></header><nav><ul><li><a href="/">Home</a></ul></nav>
            <div class="sidebar"><p>Read these other stories, which are long, and which are many, as every site has them.</p></div>
            <div id="cookie-banner"><p>We use cookies, as everybody does, and we need your consent, please, for all of them.</p></div>
            """
        let page = article("It is a sentence of the article", around: around)
        let main = try text(page)
        #expect(main.components(separatedBy: "It is a sentence").count == 9)
        for word in ["Site", "Home", "other stories", "cookies"] { #expect(!main.contains(word), "\(word)") }
        let all = try text(page) { $0.content = .all }
        #expect(all.contains("The Site") && all.contains("other stories") && !all.contains("Home"))
    }

    @Test func title() throws {
        let page =
            "<title> A  story </title><body><h1>A Story</h1>"
            + String(repeating: "<p>A sentence of it, of some length, with commas, as text has.</p>", count: 12)
        #expect(try text(page).hasPrefix("A sentence"))
        #expect(try text(page) { $0.title = true }.hasPrefix("A Story\n\nA sentence"))
    }

    @Test func selectAndDrop() throws {
        let page = """
            <body><div id="top" class="a b">top <i>all</i></div><p class="b">second</p><section class="a"><p>third <em>not</em></p></section></body>
            """
        #expect(try text(page) { $0.select = ["#top"] } == "top all\n")
        #expect(try text(page) { $0.select = [".b"] } == "top all\n\nsecond\n")
        #expect(try text(page) { $0.select = ["p.b", "section"] } == "second\n\nthird not\n")
        #expect(try text(page) { $0.select = ["div.b.a#top", "em"] } == "top all\n\nnot\n")
        #expect(try text(page) { $0.drop = ["i", "em", "#nothing"] } == "top\n\nsecond\n\nthird\n")
        #expect(
            try text(page) {
                $0.select = ["section"]; $0.drop = ["p"]
            } == "")
        for selector in ["", ".", "a b", "p > i", "a..b", "#a#b", "*"] {
            #expect(!WebSource.isElement(selector), "\(selector)")
        }
    }

    @Test func brokenPages() throws {
        #expect(try text("<p>one<p>two</b></i><div>three</p>four") == "one\n\ntwo\n\nthreefour\n")
        #expect(try text("<a href='x>lost</a><p>text") != "lost")
        #expect(try text("no tags at all, &amp; &unknown; &#x41; &") == "no tags at all, & &unknown; A &\n")
        #expect(try text("<table><td>cell<p>para</table>after").contains("after"))
        #expect(try text("<b><p>a</b>b</p></div></BODY ></html>\n<p>c") == "ab\n\nc\n")
        #expect(try text("a\0b<p\0>c\0") == "ab\n\nc\n")
        #expect(try text("<") == "")
        #expect(try text("") == "")
        #expect(try text("<script>never ends <p>text") == "")
        #expect(try text("<p>a<!-- never ends <p>b").hasPrefix("a"))
    }

    /// Each of these must end soon, with a text or a clear error.
    @Test func hostilePages() throws {
        func message(_ page: String) -> String? { failure { _ = try text(page) } }
        func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }
        #expect(
            message(times(200_000, "<div>"))
                == "page: is nested more than 512 elements deep, the limit for a page")
        #expect(message(times(200_000, "<x>") + times(200_000, "</y>"))?.contains("512 elements deep") == true)
        // Within the limits, however slow.
        #expect(try text(times(400, "<span>") + times(200_000, "</p>") + "end").contains("end"))
        #expect(try text(times(300_000, "<p>x")).hasPrefix("x\n\nx"))
        #expect(try text("<p " + times(2_000_000, "a") + ">text") == "text\n")
        #expect(try text("<p title='" + times(500_000, "a b=\"c\" ") + "'>text") == "text\n")
        let names = (0..<200_000).map { "a\($0)" }.joined(separator: " ")
        #expect(message("<p \(names)>text")?.contains("more than 1000 attributes") == true)
        #expect(message("<script>x<b=\"</script><p \(names)>text")?.contains("more than 1000 attributes") == true)
        // HTML has no custom entities.
        let bomb =
            "<!DOCTYPE html [<!ENTITY a \"aaaaaaaaaa\">" + (0..<9).map { "<!ENTITY b\($0) \"&a;&a;&a;\">" }.joined()
            + "]><p>text &b8;"
        #expect(try text(bomb).utf8.count < 1000)
        #expect(try text(times(200_000, "&amp;")).utf8.count == 200_001)
        #expect(try text(times(100_000, "<!--")) == "")
        #expect(message(times(100_000, "<a href=x><table>"))?.contains("512 elements deep") == true)
    }

    @Test func tooLongAPage() throws {
        #expect(
            failure { _ = try web([]).text(ofPage: Array(repeating: 0x61, count: (64 << 20) + 1), place: "page") }?
                .contains("the limit for a page is") == true)
    }
}
