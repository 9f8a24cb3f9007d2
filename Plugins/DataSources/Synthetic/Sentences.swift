enum Sentences {
    /// Splits a text into its complete sentences: from the start of a paragraph or the end of the previous sentence up
    /// to a closing `.`, `?` or `!`. Text without one, such as a title or a truncated end, is skipped.
    static func split(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var sentences: [ArraySlice<UInt8>] = []
        var start = 0, position = 0
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == 0x0a {
                start = position
            } else if byte == 0x2e || byte == 0x3f || byte == 0x21 {
                // A period within a number or an acronym is not followed by a space; one after an acronym does not end
                // a sentence.
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

    /// Whether the text before a period ends like `U.S`: a capital letter after a period.
    private static func isAcronym(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 3, let last = text.last, last >= 0x41, last <= 0x5a else { return false }
        return text[text.endIndex - 2] == 0x2e
    }
}
