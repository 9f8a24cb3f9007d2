import LatheSystem
import LatheComponents

/// Fetches pages as robots.txt allows and caches them: fresh pages need no request, unchanged ones are not sent again.
final class PageFetcher {
    private let client: WebClient
    private let store: PageStore
    /// Seconds for which a cached page is used without a request.
    private let maximumAge: Double
    /// Maximum size of a page in bytes, decompressed.
    private let sizeLimit: Int
    /// The name that is matched against robots.txt.
    private let product: String
    private var robots: [String: (rules: RobotsRules, failure: String?)] = [:]

    init(_ client: WebClient, store: PageStore, maximumAge: Double, sizeLimit: Int) {
        self.client = client
        self.store = store
        self.maximumAge = maximumAge
        self.sizeLimit = sizeLimit
        product =
            client.manners.userAgent.lowercased()
            .prefix { $0.isASCII && ($0.isLetter || $0 == "-" || $0 == "_") }.description
    }

    /// - Throws: ``WebFailure`` if the page cannot be fetched; `DataError` if it cannot be cached.
    func page(_ address: WebAddress) throws -> (record: PageStore.Record, body: [UInt8]) {
        let stored = store.page(address)
        if let stored, (0..<maximumAge).contains(Double(Int(WallClock.seconds) - stored.record.checked)) {
            return stored
        }
        var body: [UInt8] = []
        let (final, head) = try client.follow(address) { current in
            try checkRobots(current)
            body = []
            var headers = ["Accept: text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1"]
            if let record = stored?.record, record.finalURL == current.description {
                if let etag = record.etag { headers.append("If-None-Match: \(etag)") }
                if let time = record.lastModified { headers.append("If-Modified-Since: \(time)") }
            }
            return WebClient.Exchange(
                headers: headers, crawlDelay: robots[current.origin]?.rules.crawlDelay ?? 0,
                decide: { try self.decide($0, current) },
                receive: { part in
                    body.append(contentsOf: part)
                    if body.count > self.sizeLimit { throw self.excess(current) }
                })
        }
        let now = Int(WallClock.seconds)
        if head.status == 304, var stored {
            stored.record.checked = now
            try store.keep(stored.record, nil, for: address)
            return stored
        }
        let record = PageStore.Record(
            url: address.description, finalURL: final.description, checked: now, etag: head["etag"],
            lastModified: head["last-modified"], mediaType: head.mediaType, characterSet: head.characterSet,
            sha256: SHA256.hexadecimal(of: body))
        try store.keep(record, body, for: address)
        return (record, body)
    }

    private func excess(_ address: WebAddress) -> WebFailure {
        WebFailure(
            url: address.description, reason: "has more than \(sizeLimit) bytes; raise size_limit, or remove the page")
    }

    private func decide(_ head: HTTPHead, _ address: WebAddress) throws -> HTTPTransfer.Decision {
        func failure(_ reason: String) -> WebFailure { WebFailure(url: address.description, reason: reason) }
        if head.status == 304 { return .stop }
        guard head.status == 200 || head.status == 203 else {
            let hint =
                switch head.status {
                case 401, 402, 403: "access is denied; remove it"
                case 404, 410: "there is no such page; check the URL"
                default: "check the URL"
                }
            throw failure("answers \(head.status): \(hint)")
        }
        if let type = head.mediaType, !["text/html", "application/xhtml+xml", "text/plain"].contains(type) {
            throw failure("is \(type), not a text page; remove it")
        }
        // The length of a compressed body says little about its real size.
        if head["content-encoding"] == nil, let length = head.contentLength, length > sizeLimit {
            throw excess(address)
        }
        return .receive
    }

    private func checkRobots(_ address: WebAddress) throws {
        let found: (rules: RobotsRules, failure: String?)
        if let known = robots[address.origin] {
            found = known
        } else {
            found = try fetchRobots(address)
            robots[address.origin] = found
        }
        let longest = client.manners.longestWait
        if let delay = found.rules.crawlDelay, delay > longest {
            throw WebFailure(
                url: address.description,
                reason: "its site asks for \(delay) s between requests (Crawl-delay in \(address.origin)/robots.txt), "
                    + "more than longest_wait (\(longest) s); raise longest_wait, or remove it")
        }
        guard !found.rules.allow(address.target) else { return }
        throw WebFailure(
            url: address.description,
            reason: found.failure.map { "was not fetched, because the site's robots.txt is unavailable: \($0)" }
                ?? "is disallowed by \(address.origin)/robots.txt; remove it")
    }

    /// RFC 9309, 2.3.1: a missing robots.txt allows everything, an unreachable one nothing.
    private func fetchRobots(_ address: WebAddress) throws -> (RobotsRules, String?) {
        struct Enough: Error {}
        guard let place = WebAddress(address.origin + "/robots.txt") else { return (.none, "its URL is invalid") }
        var text: [UInt8] = []
        do {
            let (_, head) = try client.follow(place) { _ in
                text = []
                return WebClient.Exchange(
                    decide: { (200..<300).contains($0.status) ? .receive : .stop },
                    receive: { part in
                        text.append(contentsOf: part.prefix(RobotsRules.sizeLimit - text.count))
                        if text.count >= RobotsRules.sizeLimit { throw Enough() }
                    })
            }
            switch head.status {
            case 200..<300: return (RobotsRules(text, product: product), nil)
            case 400..<500: return (.all, nil)
            default: return (.none, "it answers \(head.status)")
            }
        } catch is Enough {
            return (RobotsRules(text, product: product), nil)
        } catch let failure as WebFailure {
            return (.none, failure.reason)
        }
    }
}
