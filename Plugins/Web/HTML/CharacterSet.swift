import LatheSystem

/// The encoding of a page. Labels follow the WHATWG Encoding Standard, as in browsers: `iso-8859-1` means windows-1252
/// and `gb2312` means GB 18030.
struct CharacterSet: Sendable, Hashable {
    /// The name for iconv.
    let name: String

    static let utf8 = CharacterSet(name: "UTF-8")
    /// What browsers assume for pages that declare nothing and are not UTF-8.
    static let western = CharacterSet(name: "CP1252")

    private init(name: String) { self.name = name }

    /// The character set of a label such as `Shift_JIS`; nil if the label is unknown.
    init?(label: String) {
        let label = String(decoding: label.utf8.filter { $0 > 0x20 && $0 != 0x22 && $0 != 0x27 }, as: UTF8.self)
            .lowercased()
        let name: String? =
            switch label {
            case "utf-8", "utf8", "unicode-1-1-utf-8": "UTF-8"
            case "iso-8859-1", "iso8859-1", "latin1", "l1", "us-ascii", "ascii", "windows-1252", "cp1252",
                "x-cp1252":
                "CP1252"
            case "iso-8859-9", "latin5", "windows-1254": "CP1254"
            case "iso-8859-11", "tis-620", "windows-874": "CP874"
            case "shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932": "CP932"
            case "euc-jp", "x-euc-jp": "EUC-JP"
            case "gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "gb18030", "chinese": "GB18030"
            case "big5", "big5-hkscs", "x-x-big5", "cn-big5": "BIG5-HKSCS"
            case "euc-kr", "ks_c_5601-1987", "ksc5601", "ks_c_5601", "korean", "windows-949", "cp949": "CP949"
            case "utf-16", "utf-16le", "ucs-2", "unicode": "UTF-16LE"
            case "utf-16be": "UTF-16BE"
            case "macintosh", "x-mac-roman", "mac": "MACINTOSH"
            default:
                label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0)) } ? label : nil
            }
        guard let name, !name.isEmpty, name.utf8.count < 40 else { return nil }
        guard name == "UTF-8" || CharacterConversion.knows(name) else { return nil }
        self.name = name
    }

    /// The character set of a page: from its byte order mark, else from HTTP, else from the page itself; failing all of
    /// these, UTF-8 if the page is valid UTF-8, else windows-1252.
    ///
    /// - Parameter declared: the `charset` of the `Content-Type` header.
    static func detect(_ page: [UInt8], declared: String?) -> CharacterSet {
        if page.starts(with: [0xef, 0xbb, 0xbf]) { return .utf8 }
        if page.starts(with: [0xff, 0xfe]) { return CharacterSet(name: "UTF-16LE") }
        if page.starts(with: [0xfe, 0xff]) { return CharacterSet(name: "UTF-16BE") }
        if let declared, let set = CharacterSet(label: declared) { return set }
        if let named = labelInPage(page.prefix(8192)), let set = CharacterSet(label: named) {
            // A page whose tags are readable as ASCII is not UTF-16, whatever it declares. A page that was re-saved as
            // UTF-8 often keeps its old declaration.
            return set.name.hasPrefix("UTF-16") || isUnmistakablyUTF8(page) ? .utf8 : set
        }
        return String(validating: page, as: UTF8.self) != nil ? .utf8 : .western
    }

    /// Whether a page is valid UTF-8 with more multibyte characters than another encoding would produce by chance.
    private static func isUnmistakablyUTF8(_ page: [UInt8]) -> Bool {
        page.count(where: { $0 >= 0xc0 }) >= 16 && String(validating: page, as: UTF8.self) != nil
    }

    /// From `<meta charset=…>`, `<meta http-equiv=… content="…; charset=…">` or `<?xml encoding=…?>`.
    private static func labelInPage(_ page: ArraySlice<UInt8>) -> String? {
        let text = Array(page.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 })
        func find(_ word: StaticString, from start: Int, to end: Int) -> Int? {
            let count = word.utf8CodeUnitCount
            guard end - start >= count else { return nil }
            let bytes = UnsafeBufferPointer(start: word.utf8Start, count: count)
            return (start...(end - count)).first { at in (0..<count).allSatisfy { text[at + $0] == bytes[$0] } }
        }
        func value(after start: Int, to end: Int) -> String? {
            var at = start
            func skipBlanks() { while at < end, text[at] <= 0x20 { at += 1 } }
            skipBlanks()
            guard at < end, text[at] == 0x3d else { return nil }
            at += 1
            skipBlanks()
            if at < end, text[at] == 0x22 || text[at] == 0x27 { at += 1 }
            let word = text[at..<end].prefix {
                $0 > 0x20 && $0 != 0x22 && $0 != 0x27 && $0 != 0x3b && $0 != 0x3e && $0 != 0x3f
            }
            return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
        }
        if text.starts(with: "<?xml".utf8) {
            let end = text.firstIndex(of: 0x3e) ?? text.count
            if let at = find("encoding", from: 0, to: end), let label = value(after: at + 8, to: end) { return label }
        }
        var at = 0
        while at < text.count, let open = text[at...].firstIndex(of: 0x3c) {
            at = open + 1
            if text[open...].starts(with: "<!--".utf8) {
                guard let close = find("-->", from: open + 4, to: text.count) else { return nil }
                at = close + 3
            } else if text[open...].starts(with: "<meta".utf8) {
                let end = text[open...].firstIndex(of: 0x3e) ?? text.count
                if let at = find("charset", from: open, to: end), let label = value(after: at + 7, to: end) {
                    return label
                }
                at = end
            }
        }
        return nil
    }

    /// Converts to UTF-8 without a byte order mark; undecodable bytes become U+FFFD.
    func decode(_ page: [UInt8]) -> [UInt8] {
        let marks: [[UInt8]] = [[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]]
        let mark = name.hasPrefix("UTF") ? marks.first { page.starts(with: $0) }?.count ?? 0 : 0
        if name == "UTF-8" {
            let body = page[mark...]
            return String(validating: body, as: UTF8.self) != nil
                ? Array(body) : Array(String(decoding: body, as: UTF8.self).utf8)
        }
        return CharacterConversion.utf8(page[mark...], from: name, unit: name.hasPrefix("UTF-16") ? 2 : 1)
            ?? Array(String(decoding: page, as: UTF8.self).utf8)
    }
}
