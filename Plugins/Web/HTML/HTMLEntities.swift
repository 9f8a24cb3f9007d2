/// Decodes character references as browsers do (HTML, 13.2.5.72): libxml2 knows only those of HTML 4.
enum HTMLEntities {
    private static let names = table(EntityTable.names)
    private static let legacy = table(EntityTable.legacy)
    /// In bytes, of the names in the tables.
    private static let longestName = 31

    private static func table(_ text: String) -> [String: [UInt8]] {
        var table: [String: [UInt8]] = [:]
        for entry in text.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\n" }) {
            let parts = entry.split(separator: "=")
            let scalars = parts[1].split(separator: "+").compactMap {
                UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
            }
            table[String(parts[0])] = Array(String(String.UnicodeScalarView(scalars)).utf8)
        }
        return table
    }

    /// The characters of the reference that begins with the `&` at `start`, and its end; nil if there is none.
    static func decode(
        _ page: [UInt8], at start: Int, inTag: Bool
    ) -> (characters: [UInt8], end: Int)? {
        let first = start + 1
        guard first < page.count else { return nil }
        if page[first] == 0x23 { return number(page, from: first + 1) }
        var end = first
        while end < page.count, end - first <= longestName, isAlphanumeric(page[end]) { end += 1 }
        let name = String(decoding: page[first..<end], as: UTF8.self)
        if end < page.count, page[end] == 0x3b, let found = names[name] { return (found, end + 1) }
        for length in stride(from: min(end - first, 6), through: 2, by: -1) {
            guard let found = legacy[String(name.prefix(length))] else { continue }
            let after = first + length
            // In a URL such as ?a=1&copy=2 this is no reference.
            if inTag, after < page.count, page[after] == 0x3d || isAlphanumeric(page[after]) { return nil }
            return (found, after)
        }
        return nil
    }

    private static func number(_ page: [UInt8], from start: Int) -> (characters: [UInt8], end: Int)? {
        let isHexadecimal = start < page.count && page[start] | 0x20 == 0x78
        let radix: UInt32 = isHexadecimal ? 16 : 10
        var end = isHexadecimal ? start + 1 : start
        let digits = end
        var value: UInt32 = 0
        while end < page.count, let digit = digit(page[end]), digit < radix {
            value = min(value * radix + digit, 0x11_0000)
            end += 1
        }
        guard end > digits else { return nil }
        if end < page.count, page[end] == 0x3b { end += 1 }
        if (0x80...0x9f).contains(value) { value = windows1252[Int(value) - 0x80] }
        if value == 0 { value = 0xfffd }
        let scalar = Unicode.Scalar(value) ?? "\u{fffd}"
        return (Array(String(Character(scalar)).utf8), end)
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46, 0x61...0x66: UInt32(byte | 0x20) - 0x57
        default: nil
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
    }

    /// What U+0080 to U+009F stand for, since old pages mean Windows' characters.
    private static let windows1252: [UInt32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
        0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
        0x17e, 0x178,
    ]
}
