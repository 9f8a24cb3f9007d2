import LatheComponents

/// A tiktoken rank file: `base64(bytes) rank` per line, with ranks from 0. Ranks are ids. Any two neighbours whose
/// bytes together form a token merge, lowest rank first. `<|endoftext|>` follows the last rank.
enum RankFile {
    /// In bytes.
    private static let longestToken = 512

    /// Judged by the first line.
    static func looksLike(_ file: VocabularyText) -> Bool {
        let line = file.bytes.prefix { $0 != 0x0a && $0 != 0x0d }
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        return parts.count == 2 && Array(parts[1]) == [UInt8(ascii: "0")] && base64(parts[0]) != nil
    }

    /// - Throws: ``DataError`` with the line that is not a token and its rank.
    static func read(_ file: VocabularyText) throws(DataError) -> BytePairRules {
        var rules = BytePairRules()
        rules.ranksByResult = true
        var ids = PieceTable()
        let bytes = file.bytes
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
            defer { start = end + 1 }
            let line = bytes[start..<(end > start && bytes[end - 1] == 0x0d ? end - 1 : end)]
            if line.isEmpty { continue }
            let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
            guard parts.count == 2, let token = base64(parts[0]), !token.isEmpty,
                let rank = Int(String(decoding: parts[1], as: UTF8.self))
            else {
                throw file.error(
                    at: start, "found \(VocabularyText.quote(line)); a line is a base64 token, a space and its rank")
            }
            guard rank == rules.tokens.count else {
                throw file.error(
                    at: start,
                    "found rank \(rank) where \(rules.tokens.count) was expected; ranks must count from 0 without gaps")
            }
            guard token.count <= longestToken else {
                throw file.error(at: start, "the token has \(token.count) bytes; the limit is \(longestToken)")
            }
            guard ids.insert(token) == rank, ids.count == rank + 1 else {
                throw file.error(at: start, "the token \(VocabularyText.quote(token)) appears twice")
            }
            rules.tokens.append(token)
            guard rules.tokens.count < BytePairRules.mostTokens else {
                throw file.error(at: start, "there are more than \(BytePairRules.mostTokens) tokens")
            }
        }
        for byte in 0...255 {
            guard let id = [UInt8(byte)].withUnsafeBufferPointer({ ids.number(of: $0) }) else {
                throw DataError(
                    file.place,
                    "the byte \(byte) has no token, so not every text could be encoded; "
                        + "the file is truncated or damaged"
                )
            }
            rules.byteIDs[byte] = UInt32(id)
        }
        for id in 0..<rules.tokens.count where rules.tokens.length(id) > 1 {
            rules.tokens[id].withUnsafeBufferPointer { token in
                for middle in 1..<token.count {
                    if let left = ids.number(of: UnsafeBufferPointer(rebasing: token[..<middle])),
                        let right = ids.number(of: UnsafeBufferPointer(rebasing: token[middle...]))
                    {
                        rules.merges.append(.init(left: UInt32(left), right: UInt32(right), result: UInt32(id)))
                    }
                }
            }
        }
        rules.specials = [.init(text: Array(BytePairRules.endOfText.utf8), id: UInt32(rules.tokens.count))]
        rules.tokens.append(Array(BytePairRules.endOfText.utf8))
        return rules
    }

    private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard !text.isEmpty, text.count % 4 == 0 else { return nil }
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0, filled = 0
        for character in text.dropLast(padding) {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            filled += 6
            if filled >= 8 {
                filled -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(filled)))
            }
        }
        return bytes
    }
}
