import Foundation
import LatheSystem
import Synchronization

struct ServerRequest: Sendable {
    var target: String
    /// Names in lower case.
    var headers: [String: String]
    /// The number of earlier requests for this target.
    var earlier: Int
}

struct ServerResponse: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// The `Content-Length`, if it is not the body's.
    var claimedLength: Int?
    /// Bytes after which the connection is cut.
    var cut: Int?
    /// Whether the connection ends without an answer.
    var isSilent = false
    /// The pause before each piece of 16 bytes, in milliseconds; the body repeats forever.
    var dripping: Int?

    static func html(_ text: String, _ headers: [String: String] = [:]) -> ServerResponse {
        ServerResponse(headers: ["Content-Type": "text/html"].merging(headers) { $1 }, body: Array(text.utf8))
    }

    static func status(_ status: Int, _ headers: [String: String] = [:]) -> ServerResponse {
        ServerResponse(status: status, headers: headers)
    }
}

/// An HTTP server on the loopback address, which stops when released. Each connection serves one request, in its own
/// thread.
final class LocalServer: Sendable {
    private let listener: Int32
    let port: Int
    private let respond: @Sendable (ServerRequest) -> ServerResponse
    private let log = Mutex<[ServerRequest]>([])
    private let isStopped = Atomic(false)

    init(_ respond: @escaping @Sendable (ServerRequest) -> ServerResponse) throws {
        self.respond = respond
        _ = Self.withoutProxy
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard isBound, fcntl(listener, F_SETFD, FD_CLOEXEC) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        // curl may exit before everything has been sent.
        signal(SIGPIPE, SIG_IGN)
        Thread.detachNewThread { [weak self] in
            defer { close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let self, !self.isStopped.load(ordering: .relaxed) else {
                    if connection >= 0 { close(connection) }
                    return
                }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                Thread.detachNewThread { [weak self] in
                    self?.serve(connection)
                    close(connection)
                }
            }
        }
    }

    /// A configured proxy cannot reach this machine's loopback address.
    private static let withoutProxy = setenv("no_proxy", "127.0.0.1", 1)

    deinit {
        isStopped.store(true, ordering: .relaxed)
        // The accepting thread closes it: until then the descriptor is not reused.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// In order of arrival.
    var requests: [ServerRequest] { log.withLock { $0 } }

    func count(_ target: String) -> Int { requests.count { $0.target == target } }

    private func serve(_ connection: Int32) {
        guard let request = receive(connection) else { return }
        let response = respond(request)
        if response.isSilent { return }
        var headers = response.headers
        if response.dripping == nil, headers["Transfer-Encoding"] == nil, response.status != 304 {
            headers["Content-Length"] = String(response.claimedLength ?? response.body.count)
        }
        headers["Connection"] = "close"
        let head = "HTTP/1.1 \(response.status) X\r\n" + headers.map { "\($0): \($1)\r\n" }.sorted().joined() + "\r\n"
        guard send(connection, Array(head.utf8)) else { return }
        guard let pause = response.dripping else {
            _ = send(connection, Array(response.body.prefix(response.cut ?? .max)))
            return
        }
        // Bounded, in case a test never stops it.
        for _ in 0..<2_000 where !isStopped.load(ordering: .relaxed) {
            if pause > 0 { usleep(UInt32(pause * 1000)) }
            guard send(connection, response.body) else { return }
        }
    }

    private func receive(_ connection: Int32) -> ServerRequest? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !bytes.reversed().starts(with: "\n\r\n\r".utf8) {
            let got = recv(connection, &buffer, buffer.count, 0)
            guard got > 0, bytes.count < 1 << 16 else { return nil }
            bytes += buffer[..<got]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return log.withLock { log in
            let request = ServerRequest(
                target: words[1], headers: headers, earlier: log.count { $0.target == words[1] })
            log.append(request)
            return request
        }
    }

    private func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Foundation.send(connection, $0.baseAddress, $0.count, 0) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }
}
