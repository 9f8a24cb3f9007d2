import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How requests are made.
struct WebManners: Sendable {
    /// Who asks.
    var userAgent: String
    /// Seconds between two requests to a host.
    var delay: Double
    /// Seconds for a response; nil for as long as something arrives.
    var timeLimit: Double?
    /// The most redirects from one address.
    var redirectLimit: Int
    /// How often a request that failed for the moment is made again.
    var retries: Int
    /// The first pause before that, in seconds; each one after it is twice as long.
    var retryDelay: Double
    /// The longest pause that a server is granted.
    var longestWait: Double
    /// Seconds to connect, and without a time limit those in which nothing may arrive.
    var patience: Double = 30
}

/// Why something could not be had. The address is part of the message.
struct WebFailure: Error, CustomStringConvertible {
    var url: String
    var reason: String

    var description: String { "\(url): \(reason)" }
}

/// Makes requests to hosts with patience: one after the other, apart in time, again after a while where that may help.
final class WebClient {
    let manners: WebManners
    /// Called several times a second; what it throws ends what is being done.
    let tick: () throws -> Void
    private let clock = ContinuousClock()
    /// When a host was asked last.
    private var lastRequest: [String: ContinuousClock.Instant] = [:]

    init(_ manners: WebManners, tick: @escaping () throws -> Void) {
        self.manners = manners
        self.tick = tick
    }

    /// What a request asks for and what becomes of the answer.
    struct Exchange {
        var headers: [String] = []
        var allowsCompression = true
        /// Whether a connection that fails is the caller's to go on from, rather than to be asked again the same.
        var handlesInterruption = false
        /// Seconds between requests that the host asks for.
        var crawlDelay: Double = 0
        /// Called with the head of an answer that is no redirect and not for the moment only.
        var decide: (HTTPHead) throws -> HTTPTransfer.Decision
        var receive: (UnsafeRawBufferPointer) throws -> Void
    }

    /// Asks once, or again where the answer is for the moment only: the connection fails, 429, or 5xx. Redirects are handed back.
    ///
    /// - Parameter prepare: makes the request anew for each attempt.
    /// - Throws: ``WebFailure``, and what the exchange's functions throw.
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
                if let text = head["retry-after"], let asked = HTTPDate.wait(text, now: time(nil)) {
                    guard Double(asked) <= manners.longestWait else {
                        throw WebFailure(
                            url: address.description,
                            reason:
                                "\(reason), and asks to wait \(asked) s, more than longest_wait (\(seconds(manners.longestWait))); try again later"
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
            try sleep(until: clock.now + .seconds(min(wait, manners.longestWait)))
            pause *= 2
        }
    }

    private func transfer(_ address: WebAddress, _ exchange: Exchange) throws -> HTTPHead {
        let request = HTTPTransfer(
            url: address.description, headers: exchange.headers, userAgent: manners.userAgent,
            allowsCompression: exchange.allowsCompression, timeLimit: manners.timeLimit, patience: manners.patience)
        defer { lastRequest[address.origin] = clock.now }
        return try request.run(
            decide: { head in
                if Self.isRedirect(head.status) || Self.temporaryReason(head.status) != nil { return .stop }
                return try exchange.decide(head)
            }, receive: exchange.receive, tick: tick)
    }

    /// Asks, and goes where redirects lead.
    ///
    /// - Parameter prepare: makes the request to an address.
    /// - Returns: the last address and its answer.
    /// - Throws: ``WebFailure`` for more redirects than allowed, a loop, or one that leads nowhere; else as ``ask(_:_:)``.
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
                    reason: "redirects (\(head.status)) to no http or https address: '\(head["location"] ?? "")'")
            }
            guard !visited.contains(next) else {
                throw WebFailure(
                    url: start.description, reason: "redirects in a loop, back to \(next); leave it out or name another"
                )
            }
            guard visited.count <= manners.redirectLimit else {
                throw WebFailure(
                    url: start.description,
                    reason: "redirects more than \(manners.redirectLimit) times; name the address that it leads to")
            }
            address = next
        }
    }

    static func isRedirect(_ status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }

    /// What is said of an answer that may be another one later; nil for all others.
    private static func temporaryReason(_ status: Int) -> String? {
        switch status {
        case 429: "answers 429, too many requests"
        case 500, 502, 503, 504: "answers \(status), a failure of the server"
        default: nil
        }
    }

    private func waitForTurn(_ address: WebAddress, _ crawlDelay: Double) throws {
        try tick()
        guard let last = lastRequest[address.origin] else { return }
        try sleep(until: last + .seconds(max(manners.delay, min(crawlDelay, manners.longestWait))))
    }

    private func sleep(until end: ContinuousClock.Instant) throws {
        while clock.now < end {
            try tick()
            let left = clock.now.duration(to: end)
            let microseconds =
                Double(left.components.seconds) * 1e6 + Double(left.components.attoseconds) / 1e12
            usleep(UInt32(max(1, min(100_000, microseconds))))
        }
    }
}
