import Foundation
import Testing

@Suite struct ExtractTests {
    private let page = """
        <html><head><title>A page</title></head><body><nav>Home</nav><article><p>One, two.</p><p class="note">A note.</p></article></body></html>
        """

    @Test func textOfAFile() throws {
        let sandbox = try Sandbox()
        try sandbox.write(page, to: "page.html")
        #expect(try sandbox.done("extract", "page.html").output == "One, two.\n\nA note.\n")
        #expect(
            try sandbox.done("extract", "-", "--title", "--drop", ".note", input: page).output
                == "A page\n\nOne, two.\n")
        #expect(try sandbox.done("extract", "page.html", "--all").output == "One, two.\n\nA note.\n")
        #expect(try sandbox.done("extract", "page.html", "--select", "p.note").output == "A note.\n")
        #expect(try sandbox.done("extract", "page.html").errors.isEmpty)
    }

    @Test(arguments: [
        (["page.html", "--select", "a > b"], "'a > b' is not an element selector"), (["missing.html"], "missing.html"),
        (["https://a:b@example.org/"], "is not a valid page URL"),
        (["deep.html"], "deep.html: is nested more than 512 elements deep"),
        (["long.html"], "long.html: has 104857600 bytes; the limit for a page is 67108864"),
    ]) func refused(arguments: [String], says: String) throws {
        let sandbox = try Sandbox()
        try sandbox.write(page, to: "page.html")
        try sandbox.write(String(repeating: "<div>", count: 200_000), to: "deep.html")
        if arguments == ["long.html"] {
            try sandbox.write(bytes: Array(String(repeating: "<div>", count: 20 << 20).utf8), to: "long.html")
        }
        let outcome = try sandbox.start(["extract"] + arguments).wait()
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }
}
