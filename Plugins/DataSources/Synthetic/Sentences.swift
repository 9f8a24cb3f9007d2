/// Cuts text into sentences.
enum Sentences {
    /// The whole sentences of a text: from a capital letter, figure or quotation mark at the start of a paragraph or behind another sentence, up to
    /// the mark that ends it. What ends without one, such as a title or a text that breaks off, is none.
    static func split(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var sentences: [ArraySlice<UInt8>] = []
        var start = 0, position = 0
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == 0x0a {
                start = position
            } else if byte == 0x2e || byte == 0x3f || byte == 0x21 {
                // A point within a number or an acronym has no space behind it, one behind an acronym no new sentence.
                if position < text.count, text[position] == 0x22 { continue }
                guard position == text.count || text[position] == 0x20 || text[position] == 0x0a else { continue }
                if isAcronym(text[start..<(position - 1)]), position < text.count, text[position] == 0x20 { continue }
                while start < position, text[start] == 0x20 { start += 1 }
                if start < position { sentences.append(text[start..<position]) }
                start = position
            }
        }
        return sentences
    }

    /// Whether what stands before a point is a letter that has a point before it: `U.S`.
    private static func isAcronym(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 3, let last = text.last, last >= 0x41, last <= 0x5a else { return false }
        return text[text.endIndex - 2] == 0x2e
    }
}
