/// Splits text into words and what lies between them; the pieces concatenate to the text.
///
/// A piece is one of: a word or number, including a single space before it (` the`, `COVID-19`, `don't`, ` U.S.`, `
/// 1`); a punctuation mark or any other character; a line end; a run of other white space. A word starts with a letter
/// and continues with letters, marks and digits, with single hyphens and apostrophes inside. Two or more letters that
/// are each followed by a period are one word. A number is a run of digits.
struct WordPieces {
    let text: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    private enum Class { case letter, digit, space, lineEnd, other }

    /// The range of the next piece; nil at the end.
    mutating func next() -> Range<Int>? {
        guard position < text.count else { return nil }
        let start = position
        var (kind, end) = classify(start)
        if text[start] == 0x20, end < text.count {
            let (following, followingEnd) = classify(end)
            if following == .letter || following == .digit { (kind, end) = (following, followingEnd) }
        }
        switch kind {
        case .letter: end = acronymEnd(after: end) ?? wordEnd(end)
        case .digit: end = skip(.digit, from: end)
        case .space:
            // The last space of a run belongs to the following word.
            var last = start
            while end < text.count, case (.space, let next) = classify(end) { (last, end) = (end, next) }
            if end < text.count, last > start, text[last] == 0x20 {
                let (following, _) = classify(end)
                if following == .letter || following == .digit { end = last }
            }
        case .lineEnd, .other: break
        }
        position = end
        return start..<end
    }

    private func classify(_ position: Int) -> (Class, end: Int) {
        let byte = text[position]
        switch byte {
        case 0x61...0x7a, 0x41...0x5a: return (.letter, position + 1)
        case 0x30...0x39: return (.digit, position + 1)
        case 0x20, 0x09, 0x0b, 0x0c, 0x0d: return (.space, position + 1)
        case 0x0a: return (.lineEnd, position + 1)
        case 0..<0x80: return (.other, position + 1)
        default: break
        }
        guard let (scalar, length) = scalar(at: position, in: text) else { return (.other, position + 1) }
        let end = position + length
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber,
            .nonspacingMark, .spacingMark,
            .enclosingMark:
            return (.letter, end)
        case .decimalNumber, .otherNumber: return (.digit, end)
        default: return (scalar.properties.isWhitespace ? .space : .other, end)
        }
    }

    private func skip(_ kind: Class, from start: Int) -> Int {
        var end = start
        while end < text.count, case (kind, let next) = classify(end) { end = next }
        return end
    }

    private func wordEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count {
            let (kind, next) = classify(end)
            if kind == .letter || kind == .digit {
                end = next
            } else if let join = joinEnd(end), join < text.count, isWordlike(classify(join).0) {
                end = join
            } else {
                break
            }
        }
        return end
    }

    private func isWordlike(_ kind: Class) -> Bool { kind == .letter || kind == .digit }

    /// The position after a hyphen or an apostrophe, plain or typographic.
    private func joinEnd(_ position: Int) -> Int? {
        if text[position] == 0x2d || text[position] == 0x27 { return position + 1 }
        let isQuote =
            text[position] == 0xe2 && position + 2 < text.count && text[position + 1] == 0x80
            && text[position + 2] == 0x99
        return isQuote ? position + 3 : nil
    }

    /// The end of an acronym such as `U.S.`; `position` is after its first letter.
    private func acronymEnd(after position: Int) -> Int? {
        var end = position, letters = 0
        while end < text.count, text[end] == 0x2e {
            end += 1
            letters += 1
            guard end < text.count, case (.letter, let next) = classify(end), next < text.count, text[next] == 0x2e
            else { break }
            end = next
        }
        return letters >= 2 ? end : nil
    }
}
