import LatheComponents
import LatheSystem

/// The limits and delays of requests.
struct WebManners: Sendable {
    var userAgent: String
    /// Seconds between two requests to a host.
    var delay: Double
    /// Seconds for a response; nil for no limit as long as data keeps arriving.
    var timeLimit: Double?
    /// Maximum number of redirects per URL.
    var redirectLimit: Int
    /// Maximum number of retries on transient failure.
    var retries: Int
    /// Seconds before the first retry; doubles with each further retry.
    var retryDelay: Double
    /// The longest `Retry-After`, in seconds, that is honoured.
    var longestWait: Double
    /// Seconds to connect; without a time limit also the longest time without data.
    var patience: Double = 30
}

/// Why a URL could not be fetched. The URL is part of the message.
struct WebFailure: Error, CustomStringConvertible {
    var url: String
    var reason: String

    var description: String { "\(url): \(reason)" }
}

/// Sends requests politely: one at a time, with a delay per host, and with retries on transient failure.
final class WebClient {
    let manners: WebManners
    /// Called several times a second; if it throws, the current operation ends.
    let tick: () throws -> Void
    /// When a host last got a request.
    private var lastRequest: [String: Double] = [:]

    init(_ manners: WebManners, tick: @escaping () throws -> Void) {
        self.manners = manners
        self.tick = tick
    }

    /// A request, and how to handle the response.
    struct Exchange {
        var headers: [String] = []
        var allowsCompression = true
        /// Whether the caller resumes interrupted transfers itself; otherwise the request is repeated.
        var handlesInterruption = false
        /// Seconds between requests, as set by the host's robots.txt.
        var crawlDelay: Double = 0
        /// Called with the head of a response that is neither a redirect nor a transient failure.
        var decide: (HTTPHead) throws -> HTTPTransfer.Decision
        var receive: (UnsafeRawBufferPointer) throws -> Void
    }

    /// Sends a request, with retries on transient failures: a failed connection, 429 or 5xx. Redirects are returned.
    ///
    /// - Parameter prepare: builds the request for each attempt.
    /// - Throws: ``WebFailure``, and whatever the exchange's closures throw.
    func ask(_ address: WebAddress, _ prepare: () throws -> Exchange) throws -> HTTPHead {
        var pause = manners.retryDelay
        var attempt = 0
        while true {
            let exchange = try prepare()
            try waitForTurn(address, exchange.crawlDelay)
            var wait = pause
            var reason: String
            do {
                let head = try transfer(address, exchange)
                guard let temporary = Self.temporaryReason(head.status) else { return head }
                reason = temporary
                if let text = head["retry-after"], let asked = HTTPDate.wait(text, now: Int(WallClock.seconds)) {
                    guard Double(asked) <= manners.longestWait else {
                        throw WebFailure(
                            url: address.description,
                            reason:
                                "\(reason), and asks to wait \(asked) s, more than longest_wait "
                                + "(\(seconds(manners.longestWait))); try again later"
                        )
                    }
                    wait = Double(asked)
                }
            } catch let failure as HTTPTransfer.Failure {
                if exchange.handlesInterruption, failure.isTransient, attempt >= manners.retries || failure.hasBegun {
                    throw failure
                }
                guard failure.isTransient else { throw WebFailure(url: address.description, reason: failure.reason) }
                reason = failure.reason
            }
            guard attempt < manners.retries else {
                let times = attempt == 0 ? "" : ", \(attempt + 1) times in a row"
                throw WebFailure(url: address.description, reason: "\(reason)\(times); try again later")
            }
            attempt += 1
            try sleep(until: MonotonicClock.seconds + min(wait, manners.longestWait))
            pause *= 2
        }
    }

    private func transfer(_ address: WebAddress, _ exchange: Exchange) throws -> HTTPHead {
        let request = HTTPTransfer(
            url: address.description, headers: exchange.headers, userAgent: manners.userAgent,
            allowsCompression: exchange.allowsCompression, timeLimit: manners.timeLimit, patience: manners.patience)
        defer { lastRequest[address.origin] = MonotonicClock.seconds }
        return try request.run(
            decide: { head in
                if Self.isRedirect(head.status) || Self.temporaryReason(head.status) != nil { return .stop }
                return try exchange.decide(head)
            }, receive: exchange.receive, tick: tick)
    }

    /// Sends a request and follows redirects.
    ///
    /// - Parameter prepare: builds the request for a URL.
    /// - Returns: the final URL and its response.
    /// - Throws: ``WebFailure`` for too many redirects, a loop or an invalid target; otherwise as ``ask(_:_:)``.
    func follow(
        _ start: WebAddress, _ prepare: (WebAddress) throws -> Exchange
    ) throws -> (address: WebAddress, head: HTTPHead) {
        var address = start
        var visited: Set<WebAddress> = []
        while true {
            visited.insert(address)
            let current = address
            let head = try ask(current) { try prepare(current) }
            guard Self.isRedirect(head.status) else { return (current, head) }
            guard let location = head["location"], let next = current.resolving(location) else {
                throw WebFailure(
                    url: current.description,
                    reason: "redirects (\(head.status)) to an invalid http or https URL: '\(head["location"] ?? "")'")
            }
            guard !visited.contains(next) else {
                throw WebFailure(
                    url: start.description,
                    reason: "redirects in a loop, back to \(next); remove it or give another URL"
                )
            }
            guard visited.count <= manners.redirectLimit else {
                throw WebFailure(
                    url: start.description,
                    reason: "redirects more than \(manners.redirectLimit) times; give the URL that it leads to")
            }
            address = next
        }
    }

    static func isRedirect(_ status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }

    /// The message for a transient failure; nil for all other statuses.
    private static func temporaryReason(_ status: Int) -> String? {
        switch status {
        case 429: "answers 429, too many requests"
        case 500, 502, 503, 504: "answers \(status), a server error"
        default: nil
        }
    }

    private func waitForTurn(_ address: WebAddress, _ crawlDelay: Double) throws {
        try tick()
        guard let last = lastRequest[address.origin] else { return }
        try sleep(until: last + max(manners.delay, crawlDelay))
    }

    private func sleep(until end: Double) throws {
        while case let left = end - MonotonicClock.seconds, left > 0 {
            try tick()
            pause(seconds: min(0.1, left))
        }
    }
}
