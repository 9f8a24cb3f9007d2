import LatheSystem
import Foundation
import LatheComponents
import LatheWeb
import Synchronization
import Testing

@Suite struct DownloadTests {
    private let text = (0..<20_000).map { "line \($0) of a file that is fetched\n" }.joined()

    private func hash(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }

    private func source(_ url: String, _ sha256: String, _ change: (inout DownloadSource.Config) -> Void = { _ in })
        -> DownloadSource
    {
        var config = DownloadSource.Config()
        config.url = url
        config.sha256 = sha256
        config.retryDelay = 0.01
        config.retries = 2
        change(&config)
        return DownloadSource(config)
    }

    /// A file server that honours ranges.
    private func answer(_ request: ServerRequest, _ body: [UInt8], etag: String = "\"1\"") -> ServerResponse {
        guard let range = request.headers["range"], request.headers["if-range"] ?? etag == etag,
            let start = Int(range.dropFirst("bytes=".count).dropLast())
        else { return ServerResponse(headers: ["ETag": etag], body: body) }
        guard start < body.count else { return .status(416) }
        return ServerResponse(
            status: 206,
            headers: ["ETag": etag, "Content-Range": "bytes \(start)-\(body.count - 1)/\(body.count)"],
            body: Array(body[start...]))
    }

    @Test func fetchedOnceAndVerified() throws {
        let bytes = Array(text.utf8)
        let server = try LocalServer { self.answer($0, bytes) }
        let folder = try TemporaryFolder()
        let progress = Mutex<[SourceProgress]>([])
        let context = SourceContext(folder: folder.path) { report in progress.withLock { $0.append(report) } }
        let corpus = try source(server.url("/a/input.txt"), hash(bytes)).gather(context)
        #expect(try documents(corpus) == [text])
        #expect(corpus.files.map(\.origin) == [server.url("/a/input.txt")])
        #expect(
            progress.withLock { $0.contains { $0.done == bytes.count && $0.total == bytes.count } })
        let again = try source(server.url("/a/input.txt"), hash(bytes).uppercased()).gather(context)
        #expect(again.files == corpus.files)
        #expect(server.requests.count == 1)
        // Damaged on disk: fetched again.
        try Data(bytes.dropLast()).write(to: URL(filePath: corpus.files[0].path))
        #expect(try documents(try source(server.url("/a/input.txt"), hash(bytes)).gather(context)) == [text])
        #expect(server.requests.count == 2)
    }

    @Test func anotherFileThanItWas() throws {
        let server = try LocalServer { self.answer($0, Array("other".utf8)) }
        let folder = try TemporaryFolder()
        let wanted = hash(Array(text.utf8))
        let message = failure { _ = try source(server.url("/a"), wanted).gather(SourceContext(folder: folder.path)) }
        #expect(
            message
                == "\(server.url("/a")): has SHA-256 \(hash(Array("other".utf8))) instead of \(wanted): the file has changed; if that is intended, update sha256"
        )
        #expect(!folder.files.contains { $0.hasSuffix("/a") || $0.contains("partial") })
    }

    @Test func resumedWhenCut() throws {
        let bytes = Array(text.utf8)
        let server = try LocalServer {
            var response = self.answer($0, bytes)
            // Every answer but the last breaks off. There are more of them than retries, but each makes progress.
            if $0.earlier < 4 {
                response.claimedLength = response.body.count
                response.cut = 100_000
            }
            return response
        }
        let folder = try TemporaryFolder()
        let corpus = try source(server.url("/a"), hash(bytes)).gather(SourceContext(folder: folder.path))
        #expect(try documents(corpus) == [text])
        #expect(
            server.requests.map { $0.headers["range"] }
                == [nil, "bytes=100000-", "bytes=200000-", "bytes=300000-", "bytes=400000-"])
        #expect(server.requests[1].headers["if-range"] == "\"1\"")
        #expect(server.requests.allSatisfy { $0.headers["accept-encoding"] == "identity" })
    }

    @Test func resumedByTheNextRun() throws {
        let bytes = Array(text.utf8)
        let isBroken = Atomic(true)
        let version = Mutex("\"1\"")
        let server = try LocalServer {
            var response = self.answer($0, bytes, etag: version.withLock { $0 })
            if isBroken.load(ordering: .relaxed) {
                response.claimedLength = response.body.count
                response.cut = $0.headers["range"] == nil ? 100_000 : 0
            }
            return response
        }
        let folder = try TemporaryFolder()
        let context = SourceContext(folder: folder.path)
        let message = failure { _ = try source(server.url("/a"), hash(bytes)).gather(context) }
        #expect(
            message?.hasSuffix("100000 bytes have arrived: run again to resume from there") == true, "\(message ?? "")")
        isBroken.store(false, ordering: .relaxed)
        let before = server.requests.count
        #expect(before == 3, "what came was no retry's, and two retries brought nothing")
        #expect(try documents(try source(server.url("/a"), hash(bytes)).gather(context)) == [text])
        #expect(server.requests[before...].map { $0.headers["range"] } == ["bytes=100000-"])
        // The file changes between the parts, so it is downloaded from the start.
        let second = try TemporaryFolder()
        isBroken.store(true, ordering: .relaxed)
        _ = failure { _ = try source(server.url("/a"), hash(bytes)).gather(SourceContext(folder: second.path)) }
        isBroken.store(false, ordering: .relaxed)
        version.withLock { $0 = "\"2\"" }
        let third = try source(server.url("/a"), hash(bytes)).gather(SourceContext(folder: second.path))
        #expect(try documents(third) == [text])
    }

    @Test func retriesOfWhatIsNeverAnswered() throws {
        let server = try LocalServer { _ in ServerResponse(isSilent: true) }
        let folder = try TemporaryFolder()
        let message = failure {
            _ = try source(server.url("/a"), hash([])).gather(SourceContext(folder: folder.path))
        }
        #expect(
            message?.hasSuffix("; 0 bytes have arrived: run again to resume from there") == true, "\(message ?? "")")
        #expect(server.requests.count == 3)
    }

    /// A server without ranges, one that lies about them, and one whose file began differently.
    @Test(arguments: ["/ignores", "/lies", "/mixes"]) func serversThatCannotResume(path: String) throws {
        let bytes = Array(text.utf8)
        let server = try LocalServer { request in
            if request.earlier == 0 {
                return ServerResponse(
                    body: path == "/mixes" ? [UInt8](repeating: 0x61, count: 1000) : bytes, claimedLength: bytes.count,
                    cut: 1000)
            }
            guard path != "/ignores", request.headers["range"] != nil else { return ServerResponse(body: bytes) }
            return path == "/lies"
                ? ServerResponse(
                    status: 206, headers: ["Content-Range": "bytes 5-\(bytes.count - 1)/\(bytes.count)"],
                    body: Array(bytes[5...])) : self.answer(request, bytes)
        }
        let folder = try TemporaryFolder()
        let corpus = try source(server.url(path), hash(bytes)).gather(SourceContext(folder: folder.path))
        #expect(try documents(corpus) == [text])
    }

    @Test func compressed() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/input.txt"
        try Data(text.utf8).write(to: URL(filePath: path))
        let bytes = try compress(path)
        let server = try LocalServer { self.answer($0, $0.target == "/cut.gz" ? bytes.dropLast(100) : bytes) }
        let corpus = try source(server.url("/input.txt.gz"), hash(bytes)).gather(SourceContext(folder: folder.path))
        #expect(try documents(corpus) == [text])
        let message = failure {
            _ = try source(server.url("/cut.gz"), hash(bytes.dropLast(100)))
                .gather(SourceContext(folder: folder.path))
        }
        #expect(message?.contains("cut.gz: cannot be decompressed") == true, "\(message ?? "")")
        #expect(!folder.files.contains { $0.hasSuffix(".part") })
    }

    @Test func compressedPages() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/page.html"
        try Data(article("This was compressed").utf8).write(to: URL(filePath: path))
        let bytes = try compress(path)
        try Data(repeating: 0x61, count: 30 << 20).write(to: URL(filePath: path))
        let bomb = try compress(path)
        let server = try LocalServer { request in
            let headers = ["Content-Type": "text/html", "Content-Encoding": "gzip"]
            switch request.target {
            case "/page" where request.headers["accept-encoding"]?.contains("gzip") == true:
                return ServerResponse(headers: headers, body: bytes)
            case "/bomb": return ServerResponse(headers: headers, body: bomb)
            case "/broken": return ServerResponse(headers: headers, body: Array("<p>not compressed".utf8))
            default: return .status(404)
            }
        }
        #expect(try fetch([server.url("/page")], in: folder)[0].hasPrefix("This was compressed"))
        #expect(
            failure { _ = try fetch([server.url("/bomb")], in: folder) }?.contains("has more than 10000000 bytes")
                == true)
        #expect(
            failure { _ = try fetch([server.url("/broken")], in: folder) }
                == "\(server.url("/broken")): its body does not match its Content-Encoding")
    }

    private func compress(_ path: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "--keep", "--force", path]
        try process.run()
        process.waitUntilExit()
        return Array(try Data(contentsOf: URL(filePath: path + ".gz")))
    }

    @Test func limits() throws {
        let server = try LocalServer { request in
            switch request.target {
            case "/endless": ServerResponse(body: Array(repeating: 0x61, count: 1 << 16), dripping: 0)
            case "/declared": ServerResponse(body: Array("short".utf8), claimedLength: (1 << 20) + 1)
            default: .status(404)
            }
        }
        let folder = try TemporaryFolder()
        let sha256 = hash([])
        func message(_ path: String) -> String? {
            failure {
                _ = try source(server.url(path), sha256) { $0.sizeLimit = 1 << 20 }
                    .gather(SourceContext(folder: folder.path))
            }
        }
        #expect(message("/endless")?.contains("raise size_limit (1048576)") == true)
        // Rejected by its declared length, before any of it arrives.
        #expect(
            message("/declared")
                == "\(server.url("/declared")): has at least 1048577 bytes; raise size_limit (1048576)")
        #expect(server.count("/declared") == 1)
        #expect(message("/missing") == "\(server.url("/missing")): answers 404; check the URL")
    }

    @Test func notText() throws {
        let bytes: [UInt8] = [0x61, 0xff, 0x62]
        let server = try LocalServer { self.answer($0, bytes) }
        let folder = try TemporaryFolder()
        let corpus = try source(server.url("/a"), hash(bytes)).gather(SourceContext(folder: folder.path))
        #expect(failure { _ = try documents(corpus) }?.contains("\(server.url("/a")): byte 0: is not UTF-8") == true)
    }
}
