#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An absolute http or https URL without a fragment.
struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    private let url: URL
    /// `https://example.org/a?b`
    let description: String
    /// Scheme, host and port: the scope of a robots.txt and of a delay.
    let origin: String

    /// Nil if `text` is not a URL, contains credentials or has another scheme.
    init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 8192,
            !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }), let url = URL(string: text)
        else { return nil }
        self.init(url)
    }

    private init?(_ url: URL) {
        guard var parts = URLComponents(url: url.absoluteURL, resolvingAgainstBaseURL: true),
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = parts.encodedHost?.lowercased(), !host.isEmpty, parts.user == nil, parts.password == nil,
            parts.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        parts.fragment = nil
        parts.scheme = scheme
        parts.encodedHost = host
        if parts.percentEncodedPath.isEmpty { parts.percentEncodedPath = "/" }
        guard let clean = parts.url else { return nil }
        self.url = clean
        description = clean.absoluteString
        let standard = scheme == "http" ? 80 : 443
        let port = parts.port.flatMap { $0 == standard ? nil : ":\($0)" } ?? ""
        origin = "\(scheme)://\(host)\(port)"
    }

    /// The URL of a possibly relative reference on this page.
    func resolving(_ reference: String) -> WebAddress? {
        // Servers send bytes that are not allowed in a URL.
        var escaped = ""
        for byte in reference.utf8 {
            if byte > 0x20, byte < 0x7f {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return URL(string: escaped, relativeTo: url).flatMap { WebAddress($0) }
    }

    /// Path and query, as in the request line.
    var target: String {
        let parts = URLComponents(url: url, resolvingAgainstBaseURL: true)
        let path = parts?.percentEncodedPath ?? "/"
        return (path.isEmpty ? "/" : path) + (parts?.percentEncodedQuery.map { "?" + $0 } ?? "")
    }
}
