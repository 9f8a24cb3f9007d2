struct HTTPHead: Sendable {
    let status: Int
    /// Names in lower case, in order.
    private let fields: [(name: String, value: String)]

    /// In bytes.
    static let sizeLimit = 1 << 18

    /// Parses raw headers; nil if they are incomplete. Of several heads, as after `100 Continue`, the last one counts.
    init?(_ bytes: [UInt8]) {
        var lines: [String] = []
        var last: (status: Int, fields: [(name: String, value: String)])?
        // What follows the last line end is an incomplete line.
        for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast() {
            let line = line.last == 0x0d ? line.dropLast() : line
            if !line.isEmpty {
                // Old servers write Latin-1.
                lines.append(
                    String(validating: line, as: UTF8.self)
                        ?? String(String.UnicodeScalarView(line.map { Unicode.Scalar($0) })))
                continue
            }
            guard let first = lines.first, first.hasPrefix("HTTP/") else { continue }
            let words = first.split(separator: " ", maxSplits: 2)
            if words.count > 1, let status = Int(words[1]), status >= 200 {
                last = (status, lines.dropFirst().compactMap(Self.field))
            }
            lines = []
        }
        guard let last else { return nil }
        (status, fields) = last
    }

    private static func field(_ line: String) -> (name: String, value: String)? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[line.index(after: colon)...]
        return (line[..<colon].lowercased(), trimmed(value))
    }

    /// The value of a header, named in lower case; the first one if there are several.
    subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The body's size in bytes as sent, if the server declares it.
    var contentLength: Int? { self["content-length"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }

    /// The media type in lower case, without parameters; nil if there is none.
    var mediaType: String? {
        self["content-type"]?.split(separator: ";", omittingEmptySubsequences: false).first
            .map { trimmed($0).lowercased() }
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The `charset` of the content type.
    var characterSet: String? {
        for parameter in (self["content-type"] ?? "").split(separator: ";").dropFirst() {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            if parts.count == 2, trimmed(parts[0]).lowercased() == "charset" { return trimmed(parts[1]) }
        }
        return nil
    }
}

/// Without leading and trailing white space.
func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
}
