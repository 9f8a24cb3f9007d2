#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One request for something. Redirects are not followed, nothing is tried again.
///
/// The work is done by the program curl: it is kept well everywhere, brings TLS, HTTP/2, proxies and compression, and reads what strangers send in a process of its
/// own. To link a client instead would cost every start of the program, most of which fetch nothing, as much again as all else (FoundationNetworking: 11 ms).
struct HTTPTransfer {
    /// The address.
    var url: String
    /// Headers, `Name: value`.
    var headers: [String] = []
    /// Who asks.
    var userAgent: String
    /// Whether the server may compress the body; it arrives uncompressed.
    var allowsCompression = true
    /// Seconds for all of it; nil for as long as something arrives every so often.
    var timeLimit: Double?
    /// Seconds to connect, and without a time limit those in which nothing may arrive.
    var patience: Double = 30

    /// A request that came to no good end.
    struct Failure: Error {
        /// What happened, for people.
        let reason: String
        /// Whether it may go better in a moment.
        let isTransient: Bool
        /// Whether the body had begun to come.
        var hasBegun = false
    }

    /// What becomes of a response once its head is there.
    enum Decision {
        case receive, stop
    }

    /// Sends the request.
    ///
    /// - Parameters:
    ///   - decide: called once with the head, before the body.
    ///   - receive: called with each part of the body, as it arrives. What it throws ends the transfer.
    ///   - tick: called several times a second. What it throws ends the transfer.
    /// - Returns: the head.
    /// - Throws: ``Failure``, and what the functions throw.
    func run(
        decide: (HTTPHead) throws -> Decision, receive: (UnsafeRawBufferPointer) throws -> Void,
        tick: () throws -> Void = {}
    ) throws -> HTTPHead {
        let child: ChildProcess
        do throws(ChildProcess.StartFailure) {
            child = try ChildProcess("curl", arguments, outputs: [1, 2, 3])
        } catch {
            throw Failure(
                reason: error.code == ENOENT
                    ? "the program curl is missing, which fetches things; install it (apt-get install curl)"
                    : "the program curl cannot be started: \(String(cString: strerror(error.code)))",
                isTransient: false)
        }
        defer { child.stop() }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var headBytes: [UInt8] = [], message: [UInt8] = []
        var head: HTTPHead?
        let clock = ContinuousClock()
        // curl keeps the limits itself; this is for one that hangs.
        let deadline = timeLimit.map { clock.now + .seconds($0 + 10) }
        while true {
            child.wait(milliseconds: 100)
            try tick()
            // What is in the head's pipe comes first: curl wrote it first.
            let headEnded = try drain(child, 2, &buffer) { headBytes += $0 }
            if headBytes.count > HTTPHead.sizeLimit {
                throw Failure(reason: "its headers are longer than \(HTTPHead.sizeLimit) bytes", isTransient: false)
            }
            let messageEnded = try drain(child, 1, &buffer) { if message.count < 4096 { message += $0 } }
            if head == nil, let found = HTTPHead(headBytes) {
                head = found
                if try decide(found) == .stop { return found }
            }
            if head != nil || headEnded {
                let bodyEnded = try drain(child, 0, &buffer) { part in
                    try part.withUnsafeBytes { try receive($0) }
                }
                if bodyEnded, headEnded, messageEnded { break }
            }
            if let deadline, clock.now > deadline {
                throw Failure(reason: "took longer than \(seconds(timeLimit ?? 0))", isTransient: false)
            }
        }
        let code = child.finish()
        if code == 0, let head { return head }
        var failure = failure(code, message: message, hasHead: head != nil)
        failure.hasBegun = head != nil
        throw failure
    }

    /// Hands on what has arrived.
    ///
    /// - Returns: whether that was the end.
    private func drain(
        _ child: ChildProcess, _ output: Int, _ buffer: inout [UInt8], _ take: (ArraySlice<UInt8>) throws -> Void
    ) throws -> Bool {
        // Not for ever: an endless body must not keep the clock from being looked at.
        for _ in 0..<64 {
            guard let got = child.read(output: output, into: &buffer) else { return false }
            if got == 0 { return true }
            try take(buffer[..<got])
        }
        return false
    }

    private var arguments: [String] {
        var list = [
            // Without the person's own settings, which could write files or print.
            "--disable", "--silent", "--show-error", "--globoff", "--no-buffer", "--proto", "=http,https",
            "--max-redirs", "0", "--suppress-connect-headers", "--connect-timeout", String(patience), "--user-agent",
            userAgent, "--dump-header",
            "/dev/fd/3", "--output", "-",
        ]
        if let timeLimit {
            list += ["--max-time", String(timeLimit)]
        } else {
            list += ["--speed-limit", "1", "--speed-time", String(max(1, Int(patience)))]
        }
        if allowsCompression { list.append("--compressed") }
        for header in headers { list += ["--header", header] }
        return list + ["--url", url]
    }

    private func failure(_ code: Int32, message: [UInt8], hasHead: Bool) -> Failure {
        let text = trimmed(String(decoding: message, as: UTF8.self).split(separator: "\n").last ?? "")
        // `curl: (7) Failed to connect …`
        let detail = text.range(of: ") ").map { String(text[$0.upperBound...]) } ?? text
        switch code {
        case 6, 7, 35, 52, 55, 56, 92: return Failure(reason: detail, isTransient: true)
        case 18: return Failure(reason: "the connection ended before the whole body had come", isTransient: true)
        case 28 where hasHead && timeLimit != nil:
            return Failure(reason: "took longer than \(seconds(timeLimit ?? 0))", isTransient: false)
        case 28: return Failure(reason: "does not answer (\(detail))", isTransient: true)
        case 23, 61: return Failure(reason: "its body is not compressed as it says", isTransient: false)
        case 128...: return Failure(reason: "curl was ended by signal \(code - 128)", isTransient: false)
        default: return Failure(reason: "\(detail) (curl's error \(code))", isTransient: false)
        }
    }
}

extension String {
    /// Where a text stands first.
    fileprivate func range(of other: String) -> Range<String.Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(other) { return at..<index(at, offsetBy: other.count) }
            at = index(after: at)
        }
        return nil
    }
}

/// `60 s`, `0.5 s`
func seconds(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? "\(Int(value)) s" : "\(value) s"
}
