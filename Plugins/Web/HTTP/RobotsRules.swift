/// What a site's robots.txt allows (RFC 9309).
struct RobotsRules: Sendable {
    private struct Rule: Sendable {
        var allows: Bool
        /// The normalized path as octets; `*` matches any number of them, and a final `$` the end.
        var pattern: [UInt8]
    }

    private var rules: [Rule] = []
    /// Seconds between requests; not in the standard, but widely used.
    private(set) var crawlDelay: Double?

    /// Maximum size of robots.txt in bytes; the rest is ignored.
    static let sizeLimit = 512_000
    /// Maximum number of rules in a group: each is matched against every URL.
    private static let ruleLimit = 10_000

    /// Allows everything: there is no robots.txt.
    static let all = RobotsRules()
    /// Allows nothing: robots.txt is unavailable.
    static let none = {
        var rules = RobotsRules()
        rules.rules = [Rule(allows: false, pattern: Array("/".utf8))]
        return rules
    }()

    private init() {}

    /// - Parameter product: the crawler's name in lower case: `lathe`. Groups for that name apply, or else those for
    ///   `*`.
    init(_ text: [UInt8], product: String) {
        var own = RobotsRules(), common = RobotsRules()
        var names: [String] = []
        var isNaming = false, hasOwn = false
        let text = text.starts(with: [0xef, 0xbb, 0xbf]) ? text.dropFirst(3) : text[...]
        for line in text.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            let line = line.prefix { $0 != 0x23 }
            guard let colon = line.firstIndex(of: 0x3a) else { continue }
            let key = Self.words(line[..<colon]).lowercased()
            let value = Self.words(line[(colon + 1)...])
            if key == "user-agent" {
                if !isNaming { names = [] }
                isNaming = true
                names.append(Self.product(value))
                if names.last == product { hasOwn = true }
                continue
            }
            guard key == "allow" || key == "disallow" || key == "crawl-delay" else { continue }
            isNaming = false
            func add(_ group: inout RobotsRules) {
                if key == "crawl-delay" {
                    if let seconds = Double(value), seconds >= 0, seconds.isFinite { group.crawlDelay = seconds }
                } else if !value.isEmpty, group.rules.count < Self.ruleLimit {
                    group.rules.append(Rule(allows: key == "allow", pattern: Self.normalized(value)))
                }
            }
            if names.contains(product) { add(&own) }
            if names.contains("*") { add(&common) }
        }
        self = hasOwn ? own : common
    }

    private static func words(_ bytes: ArraySlice<UInt8>) -> String {
        trimmed(String(decoding: bytes, as: UTF8.self)[...])
    }

    /// The crawler's name without a version.
    private static func product(_ agent: String) -> String {
        if agent.hasPrefix("*") { return "*" }
        return agent.lowercased().prefix { $0.isASCII && ($0.isLetter || $0 == "-" || $0 == "_") }.description
    }

    /// Whether a path with its query may be fetched. The longest matching rule decides; ties allow.
    func allow(_ target: String) -> Bool {
        if target == "/robots.txt" { return true }
        let path = Self.normalized(target)
        var best: Rule?
        for rule in rules where rule.pattern.count >= best?.pattern.count ?? 0 {
            guard Self.matches(rule.pattern, path) else { continue }
            if rule.pattern.count > best?.pattern.count ?? -1 || rule.allows { best = rule }
        }
        return best?.allows ?? true
    }

    /// Canonical percent-encoding: non-ASCII octets encoded, unreserved characters not.
    private static func normalized(_ path: String) -> [UInt8] {
        let bytes = Array(path.utf8)
        var result: [UInt8] = []
        var at = 0
        func encode(_ byte: UInt8) {
            let digits = Array("0123456789ABCDEF".utf8)
            result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        while at < bytes.count {
            if bytes[at] == 0x25, at + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[(at + 1)...(at + 2)], as: UTF8.self), radix: 16)
            {
                let isUnreserved =
                    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d
                    || byte == 0x2e || byte == 0x5f || byte == 0x7e
                if isUnreserved { result.append(byte) } else { encode(byte) }
                at += 3
                continue
            }
            if bytes[at] < 0x80 { result.append(bytes[at]) } else { encode(bytes[at]) }
            at += 1
        }
        return result
    }

    /// Whether a pattern matches a prefix of a path, in O(pattern × path).
    private static func matches(_ pattern: [UInt8], _ path: [UInt8]) -> Bool {
        let isAnchored = pattern.last == 0x24
        let pattern = isAnchored ? pattern.dropLast() : pattern[...]
        var at = 0, inPath = 0
        // Where to resume on a mismatch after the last star, which then takes one more octet.
        var star = -1, afterStar = 0
        while true {
            if at == pattern.count {
                if !isAnchored || inPath == path.count { return true }
            } else if pattern[at] == 0x2a {
                star = at
                afterStar = inPath
                at += 1
                continue
            } else if inPath < path.count, pattern[at] == path[inPath] {
                at += 1
                inPath += 1
                continue
            }
            guard star >= 0, afterStar < path.count else { return false }
            afterStar += 1
            inPath = afterStar
            at = star + 1
        }
    }
}
