import Foundation
import LatheComponents
import LatheWeb
import Testing

/// Fetching pages: robots.txt, redirects, timeouts, limits, caching.
@Suite struct FetchingTests {
    @Test func pagesAreDocumentsInOrder() throws {
        let server = try LocalServer { .html(article("This is \($0.target)")) }
        let folder = try TemporaryFolder()
        let pages = try fetch([server.url("/b"), server.url("/a"), server.url("/b#twice")], in: folder)
        #expect(pages.count == 2)
        #expect(pages[0].hasPrefix("This is /b, and so on"))
        #expect(pages[1].hasPrefix("This is /a, and so on"))
        #expect(server.requests.allSatisfy { $0.headers["user-agent"]?.hasPrefix("lathe/") == true })
    }

    @Test(arguments: [
        ("User-agent: *\nDisallow: /private\n", "/private/a", false),
        ("User-agent: *\nDisallow: /private\n", "/public", true),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Lathe/2\nUser-agent: other\nAllow: /\n", "/a", true),
        ("User-agent: other\nDisallow: /\n", "/a", true),
        ("User-agent: lathe\nDisallow: /a\nUser-agent: lathe\nDisallow: /b\n", "/b", false),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", true),
        ("User-agent: *\nAllow: /a\nDisallow: /a\n", "/a", true),
        ("User-agent: *\nDisallow: /*.php$\n", "/x/y.php", false),
        ("User-agent: *\nDisallow: /*.php$\n", "/x/y.php5", true),
        ("User-agent: *\nDisallow: /*?sort=\n", "/list?sort=up", false),
        ("User-agent: *\nDisallow: /%7Ejo%65\n", "/~joe", false),
        ("User-agent: *\nDisallow: /caf\u{e9}\n", "/caf%c3%a9", false),
        ("User-agent: *\nDisallow:\n", "/a", true),
        ("\u{feff}user-AGENT : * # all\r\n disallow : /a # this\r\n", "/a", false),
        ("Disallow: /\n", "/a", true),
        (
            "User-agent: *\nDisallow: /" + String(repeating: "*a", count: 40) + "$\n",
            "/" + String(repeating: "a", count: 3000) + "b", true
        ),
    ])
    func robotsRules(robots: String, path: String, isAllowed: Bool) throws {
        let server = try LocalServer {
            $0.target == "/robots.txt"
                ? ServerResponse(body: Array(robots.utf8)) : .html(article("This is allowed"))
        }
        let folder = try TemporaryFolder()
        let message = failure { _ = try fetch([server.url(path)], in: folder) }
        #expect((message == nil) == isAllowed, "\(message ?? "")")
        if let message {
            #expect(message.contains(server.url(path)) && message.contains("/robots.txt"))
            #expect(server.count(path) == 0)
        }
    }

    @Test(arguments: [(404, true), (403, true), (500, false), (503, false)])
    func robotsThatCannotBeFetched(status: Int, isAllowed: Bool) throws {
        let server = try LocalServer {
            $0.target == "/robots.txt" ? .status(status) : .html(article("This is allowed"))
        }
        let folder = try TemporaryFolder()
        let message = failure { _ = try fetch([server.url("/a")], in: folder) { $0.retries = 1 } }
        #expect((message == nil) == isAllowed, "\(message ?? "")")
        #expect(server.count("/robots.txt") == (isAllowed ? 1 : 2))
    }

    @Test func robotsOfEveryHostOnTheWay() throws {
        let far = try LocalServer {
            $0.target == "/robots.txt"
                ? ServerResponse(body: Array("User-agent: *\nDisallow: /\n".utf8)) : .html(article("This is not"))
        }
        let target = far.url("/page")
        let server = try LocalServer {
            $0.target == "/robots.txt" ? .status(404) : .status(302, ["Location": target])
        }
        let folder = try TemporaryFolder()
        let message = failure { _ = try fetch([server.url("/a")], in: folder) }
        #expect(message?.contains("\(target): is disallowed by ") == true)
        #expect(far.count("/page") == 0)
    }

    @Test func redirects() throws {
        let server = try LocalServer { request in
            switch request.target {
            case "/a": .status(301, ["Location": "/b?x=1"])
            case "/b?x=1": .status(307, ["Location": "c/../d"])
            case "/d": .html(article("This is the end"))
            case "/loop": .status(302, ["Location": "/pool"])
            case "/pool": .status(308, ["Location": "/loop"])
            case "/nowhere": .status(302)
            case "/file": .status(302, ["Location": "file:///etc/passwd"])
            case let path where path.hasPrefix("/long"): .status(303, ["Location": path + "r"])
            default: .status(404)
            }
        }
        let folder = try TemporaryFolder()
        #expect(try fetch([server.url("/a")], in: folder)[0].hasPrefix("This is the end"))
        func message(_ path: String) -> String { failure { _ = try fetch([server.url(path)], in: folder) } ?? "" }
        #expect(
            message("/loop")
                == "\(server.url("/loop")): redirects in a loop, back to \(server.url("/loop")); remove it or give another URL"
        )
        #expect(message("/long").hasPrefix("\(server.url("/long")): redirects more than 5 times"))
        #expect(server.requests.count { $0.target.hasPrefix("/long") } == 6)
        #expect(message("/nowhere").contains("redirects (302) to an invalid http or https URL"))
        #expect(message("/file").contains("'file:///etc/passwd'"))
        #expect(message("/missing").hasPrefix("\(server.url("/missing")): answers 404"))
    }

    @Test(arguments: [429, 503]) func retryAfterSeconds(status: Int) throws {
        let server = try LocalServer {
            $0.target == "/a" && $0.earlier == 0
                ? .status(status, ["Retry-After": "1"]) : .html(article("This came at last"))
        }
        let folder = try TemporaryFolder()
        let start = ContinuousClock.now
        #expect(try fetch([server.url("/a")], in: folder)[0].hasPrefix("This came at last"))
        #expect(ContinuousClock.now - start >= .seconds(1), "it did not wait as long as it was asked to")
        #expect(server.count("/a") == 2)
    }

    @Test func retryAfterTime() throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let soon = format.string(from: Date(timeIntervalSinceNow: 2))
        let late = format.string(from: Date(timeIntervalSinceNow: 7200))
        let server = try LocalServer {
            switch $0.target {
            case "/soon" where $0.earlier == 0: .status(503, ["Retry-After": soon])
            case "/late": .status(429, ["Retry-After": late])
            default: .html(article("This came at last"))
            }
        }
        let folder = try TemporaryFolder()
        #expect(try fetch([server.url("/soon")], in: folder)[0].hasPrefix("This came at last"))
        let message = failure { _ = try fetch([server.url("/late")], in: folder) }
        #expect(message?.contains("answers 429, too many requests, and asks to wait 7") == true, "\(message ?? "")")
        #expect(server.count("/late") == 1)
    }

    @Test func retriesEnd() throws {
        let server = try LocalServer { $0.target == "/a" ? .status(503) : .status(404) }
        let folder = try TemporaryFolder()
        let message = failure { _ = try fetch([server.url("/a")], in: folder) { $0.retries = 2 } }
        #expect(
            message == "\(server.url("/a")): answers 503, a server error, 3 times in a row; try again later")
        #expect(server.count("/a") == 3)
    }

    @Test func nobodyThere() throws {
        let port = try LocalServer { _ in .status(404) }.port
        let folder = try TemporaryFolder()
        let message = failure { _ = try fetch(["http://127.0.0.1:\(port)/a"], in: folder) { $0.retries = 1 } }
        #expect(message?.contains("http://127.0.0.1:\(port)/a") == true && message?.contains("robots.txt") == true)
    }

    @Test func slowAndEndlessBodies() throws {
        let server = try LocalServer { request in
            switch request.target {
            case "/slow":
                ServerResponse(headers: ["Content-Type": "text/html"], body: Array("<p>slow".utf8), dripping: 50)
            case "/endless":
                ServerResponse(
                    headers: ["Content-Type": "text/html"], body: Array(repeating: 0x61, count: 1 << 16), dripping: 0)
            default: .status(404)
            }
        }
        let folder = try TemporaryFolder()
        #expect(
            failure { _ = try fetch([server.url("/slow")], in: folder) { $0.timeout = 1 } }
                == "\(server.url("/slow")): took longer than 1 s")
        #expect(
            failure { _ = try fetch([server.url("/endless")], in: folder) { $0.sizeLimit = 1 << 20 } }
                == "\(server.url("/endless")): has more than 1048576 bytes; raise size_limit, or remove the page")
        #expect(!folder.files.contains { $0.hasSuffix(".page") }, "something half-fetched was kept")
    }

    @Test func wrongLengths() throws {
        let page = article("This is whole")
        let server = try LocalServer { request in
            var response = ServerResponse.html(page)
            switch request.target {
            case "/short": response.claimedLength = page.utf8.count + 100
            case "/long": response.claimedLength = page.utf8.count - 30
            case "/huge": response.claimedLength = 1 << 60
            case "/above": response.claimedLength = 10_000_001
            case "/none": response.claimedLength = -1
            default: return .status(404)
            }
            return response
        }
        let folder = try TemporaryFolder()
        func message(_ path: String) -> String? {
            failure { _ = try fetch([server.url(path)], in: folder) { $0.retries = 1 } }
        }
        #expect(message("/short")?.contains("the connection closed before the whole body had arrived, 2 times") == true)
        for path in ["/huge", "/above"] {
            // Rejected by its declared length: the actual body is short.
            #expect(message(path)?.contains("has more than 10000000 bytes") == true)
            #expect(server.count(path) == 1)
        }
        // Bytes beyond the declared length are not part of the answer.
        #expect(try fetch([server.url("/long")], in: folder)[0].hasPrefix("This is whole"))
        _ = message("/none")
    }

    @Test func keptByETagAndDate() throws {
        let server = try LocalServer { request in
            switch request.target {
            case "/etag":
                request.headers["if-none-match"] == "\"v1\""
                    ? .status(304) : .html(article("This has a version"), ["ETag": "\"v1\""])
            case "/date":
                request.headers["if-modified-since"] == "Sun, 06 Nov 1994 08:49:37 GMT"
                    ? .status(304)
                    : .html(article("This has a date"), ["Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"])
            case "/changed": .html(article("This is number \(request.earlier)"), ["ETag": "\"\(request.earlier)\""])
            default: .status(404)
            }
        }
        let folder = try TemporaryFolder()
        let urls = ["/etag", "/date", "/changed"].map(server.url)
        let first = try fetch(urls, in: folder)
        let requests = server.requests.count
        // Fresh: no requests.
        #expect(try fetch(urls, in: folder) == first)
        #expect(server.requests.count == requests)
        // Old: each page is revalidated, and only changed ones are sent.
        let again = try fetch(urls, in: folder) { $0.maximumAge = 0 }
        #expect(Array(again[..<2]) == Array(first[..<2]))
        #expect(again[2].hasPrefix("This is number 1"))
        #expect(["/etag", "/date", "/changed"].map(server.count) == [2, 2, 2])
        // Damaged cache entries are fetched again.
        for file in folder.files where file.hasSuffix(".page") {
            try Data("<p>damaged".utf8).write(to: URL(filePath: folder.path + "/" + file))
        }
        #expect(try fetch([urls[0]], in: folder) == [first[0]])
        #expect(server.count("/etag") == 3)
        #expect(server.requests.last?.headers["if-none-match"] == nil)
    }

    @Test func pagesThatFailAreLeftOutIfWanted() throws {
        let server = try LocalServer { request in
            switch request.target {
            case "/good": .html(article("This is good"))
            case "/pdf": ServerResponse(headers: ["Content-Type": "application/pdf"], body: [0x25])
            case "/empty": .html("<html><body><nav>Home</nav></body></html>")
            case "/deep": .html(String(repeating: "<div>", count: 5000))
            default: .status(404)
            }
        }
        let folder = try TemporaryFolder()
        let urls = ["/bad", "/pdf", "/good", "/empty", "/deep"].map(server.url)
        #expect(failure { _ = try fetch(urls, in: folder) }?.hasPrefix("\(urls[0]): answers 404") == true)
        let corpus = try web(urls) { $0.failing = .skip }.gather(SourceContext(folder: folder.path))
        #expect(corpus.files.map(\.origin) == [urls[2]])
        #expect(try documents(corpus).count == 1)
        #expect(corpus.notes.count == 4)
        #expect(corpus.notes[0] == "skipped \(urls[0]): answers 404: there is no such page; check the URL")
        let message = failure { _ = try fetch([urls[0], urls[1]], in: folder) { $0.failing = .skip } }
        #expect(message?.contains("\(urls[1]): is application/pdf") == true)
    }

    @Test func requestsToOneHostAreDelayed() throws {
        let server = try LocalServer { .html(article("This is \($0.target)")) }
        let folder = try TemporaryFolder()
        let start = ContinuousClock.now
        _ = try fetch(["/a", "/b"].map(server.url), in: folder) { $0.delay = 0.3 }
        // robots.txt and two pages.
        #expect(ContinuousClock.now - start >= .milliseconds(600), "requests came too soon after one another")
    }

    /// A site's crawl delay may be longer than the spec's.
    @Test func crawlDelayIsKept() throws {
        let server = try LocalServer {
            $0.target == "/robots.txt"
                ? ServerResponse(body: Array("User-agent: *\nCrawl-delay: 0.3\n".utf8))
                : .html(article("This is \($0.target)"))
        }
        let folder = try TemporaryFolder()
        let start = ContinuousClock.now
        _ = try fetch(["/a", "/b"].map(server.url), in: folder)
        #expect(ContinuousClock.now - start >= .milliseconds(600), "requests came too soon after one another")
    }

    /// A site that asks for longer pauses than are kept is not fetched at all.
    @Test func aLongCrawlDelayIsAnError() throws {
        let server = try LocalServer {
            $0.target == "/robots.txt"
                ? ServerResponse(body: Array("User-agent: *\nCrawl-delay: 1000\n".utf8)) : .html(article("A page"))
        }
        let folder = try TemporaryFolder()
        let message = failure { _ = try fetch([server.url("/a")], in: folder) }
        #expect(message?.contains("1000.0 s between requests (Crawl-delay") == true, "\(message ?? "nothing")")
        #expect(message?.contains("longest_wait (120.0 s)") == true)
    }

    @Test func aPDFServedAsHTMLIsNamed() throws {
        let server = try LocalServer { _ in .html("%PDF-1.7 and so on") }
        let folder = try TemporaryFolder()
        let message = failure { _ = try fetch([server.url("/a")], in: folder) }
        #expect(message?.contains("is a PDF, not an HTML page") == true, "\(message ?? "nothing")")
    }

    @Test func stopsWhenAsked() throws {
        struct Enough: Error {}
        let server = try LocalServer { _ in ServerResponse(body: [0x61], dripping: 100) }
        let folder = try TemporaryFolder()
        #expect(throws: Enough.self) {
            _ = try web([server.url("/a")]).gather(SourceContext(folder: folder.path) { _ in throw Enough() })
        }
    }
}
