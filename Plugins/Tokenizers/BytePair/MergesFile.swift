import LatheComponents

/// GPT-2's `vocab.bpe`, also Hugging Face's `merges.txt`: one merge per line in order of rank, after an optional
/// `#version` line.
///
/// It determines the ids: the 256 bytes in the order of their characters, then one token per merge, then
/// `<|endoftext|>`.
enum MergesFile {
    /// - Throws: ``DataError`` with the line that is not a valid merge.
    static func read(_ file: VocabularyText) throws(DataError) -> BytePairRules {
        var rules = BytePairRules()
        var ids = PieceTable()
        for (id, byte) in ByteAlphabet.bytes.enumerated() {
            rules.tokens.append(CollectionOfOne(byte))
            rules.byteIDs[Int(byte)] = UInt32(id)
            _ = ids.insert([byte])
        }
        let bytes = file.bytes
        var start = 0, isFirst = true
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
            defer { (start, isFirst) = (end + 1, false) }
            let line = bytes[start..<(end > start && bytes[end - 1] == 0x0d ? end - 1 : end)]
            if isFirst, line.starts(with: "#version".utf8) { continue }
            if line.isEmpty {
                guard bytes[start...].allSatisfy({ $0 == 0x0a || $0 == 0x0d }) else {
                    throw file.error(at: start, "is empty; a merge was expected")
                }
                break
            }
            let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw file.error(
                    at: start, "found \(VocabularyText.quote(line)); a merge is two tokens with a space between them")
            }
            var halves: [UInt32] = []
            var merged: [UInt8] = []
            for part in parts {
                guard let token = part.withUnsafeBufferPointer({ ByteAlphabet.bytes(of: $0) }) else {
                    throw file.error(
                        at: part.startIndex,
                        "\(VocabularyText.quote(part)) is not UTF-8, or has characters outside GPT-2's byte alphabet"
                    )
                }
                guard let id = token.withUnsafeBufferPointer({ ids.number(of: $0) }) else {
                    throw file.error(
                        at: part.startIndex,
                        "no earlier line makes \(VocabularyText.quote(part)); a merge is missing or out of order"
                    )
                }
                halves.append(UInt32(id))
                merged += token
            }
            guard ids.insert(merged) == ids.count - 1, ids.count - 1 == rules.tokens.count else {
                throw file.error(
                    at: start, "the token of \(VocabularyText.quote(line)) exists already; each merge makes a new one")
            }
            rules.merges.append(.init(left: halves[0], right: halves[1], result: UInt32(rules.tokens.count)))
            rules.tokens.append(merged)
            guard rules.tokens.count < BytePairRules.mostTokens else {
                throw file.error(at: start, "there are more than \(BytePairRules.mostTokens) tokens")
            }
        }
        guard !rules.merges.isEmpty else { throw DataError(file.place, "contains no merges") }
        rules.specials = [.init(text: Array(BytePairRules.endOfText.utf8), id: UInt32(rules.tokens.count))]
        rules.tokens.append(Array(BytePairRules.endOfText.utf8))
        return rules
    }
}
