import LatheSystem

/// A single HTTP request, without redirects or retries.
///
/// The program curl does the work: it is well maintained everywhere, brings TLS, HTTP/2, proxies and compression, and
/// parses untrusted responses in a process of its own. Linking a client would double the start-up time of every
/// command, most of which fetch nothing (FoundationNetworking: 11 ms).
struct HTTPTransfer {
    var url: String
    /// As `Name: value`.
    var headers: [String] = []
    var userAgent: String
    /// Whether the server may compress the body, which is then decompressed.
    var allowsCompression = true
    /// Seconds for the whole transfer; nil for no limit as long as data keeps arriving.
    var timeLimit: Double?
    /// Seconds to connect; without a time limit also the longest time without data.
    var patience: Double = 30

    struct Failure: Error {
        /// For messages.
        let reason: String
        /// Whether a retry may succeed.
        let isTransient: Bool
        /// Whether part of the body had arrived.
        var hasBegun = false
    }

    /// What to do with a response once its head has arrived.
    enum Decision {
        case receive, stop
    }

    /// - Parameters:
    ///   - decide: called once with the head, before the body.
    ///   - receive: called with each part of the body as it arrives. If it throws, the transfer ends.
    ///   - tick: called several times a second. If it throws, the transfer ends.
    /// - Throws: ``Failure``, and whatever the closures throw.
    func run(
        decide: (HTTPHead) throws -> Decision, receive: (UnsafeRawBufferPointer) throws -> Void,
        tick: () throws -> Void = {}
    ) throws -> HTTPHead {
        let child: ChildProcess
        do throws(ChildProcess.StartFailure) {
            child = try ChildProcess("curl", arguments, outputs: [[1], [2], [3]])
        } catch {
            throw Failure(
                reason: error.isMissing
                    ? "the program curl is required but missing; install it (apt-get install curl)"
                    : "cannot start the program curl: \(error)",
                isTransient: false)
        }
        defer { child.stop() }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var headBytes: [UInt8] = [], message: [UInt8] = []
        var head: HTTPHead?
        // curl enforces the limit itself; this is in case curl hangs.
        let deadline = timeLimit.map { MonotonicClock.seconds + $0 + 10 }
        while true {
            child.wait(milliseconds: 100)
            try tick()
            // Read the head's pipe first, since curl writes the head first.
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
            if let deadline, MonotonicClock.seconds > deadline {
                throw Failure(reason: "took longer than \(seconds(timeLimit ?? 0))", isTransient: false)
            }
        }
        let ending = child.finish()
        if ending == .exit(0), let head { return head }
        let code: Int32
        switch ending {
        case .exit(let number): code = number
        case .signal(let number): code = 128 + number
        }
        var failure = failure(code, message: message, hasHead: head != nil)
        failure.hasBegun = head != nil
        throw failure
    }

    /// Passes on what has arrived.
    ///
    /// - Returns: whether the output has ended.
    private func drain(
        _ child: ChildProcess, _ output: Int, _ buffer: inout [UInt8], _ take: (ArraySlice<UInt8>) throws -> Void
    ) throws -> Bool {
        // Bounded, so that an endless body does not keep the deadline from being checked.
        for _ in 0..<64 {
            guard let got = child.read(output: output, into: &buffer) else { return false }
            if got == 0 { return true }
            try take(buffer[..<got])
        }
        return false
    }

    private var arguments: [String] {
        var list = [
            // Ignore the user's curl configuration, which could write files or print.
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
        case 18: return Failure(reason: "the connection closed before the whole body had arrived", isTransient: true)
        case 28 where hasHead && timeLimit != nil:
            return Failure(reason: "took longer than \(seconds(timeLimit ?? 0))", isTransient: false)
        case 28: return Failure(reason: "does not answer (\(detail))", isTransient: true)
        case 23, 61: return Failure(reason: "its body does not match its Content-Encoding", isTransient: false)
        case 128...: return Failure(reason: "curl was killed by signal \(code - 128)", isTransient: false)
        default: return Failure(reason: "\(detail) (curl error \(code))", isTransient: false)
        }
    }
}

extension String {
    /// The first occurrence of `other`.
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
