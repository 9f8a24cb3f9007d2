/// Splits text by GPT-2's pattern:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
///
/// A contraction; or letters, numbers or other characters, with the space before them; or white space, whose last
/// character goes to the following piece. An invalid UTF-8 byte counts as one other character.
struct GPT2Pieces {
    private let text: UnsafePointer<UInt8>
    private let count: Int
    private let classes: CharacterClasses

    /// `text` must outlive this value.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
        count = text.count
        classes = .shared
    }

    /// The end of the piece that begins at `start`, which must be inside the text.
    @inline(__always)
    func end(from start: Int) -> Int {
        let byte = text[start]
        if byte == 0x20 {  // before a letter: the most frequent piece
            let next = start + 1
            guard next < count else { return next }
            if isASCIILetter(text[next]) { return run(of: .letter, from: next + 1) }
            let (kind, end) = character(at: next)
            return kind == .space ? spaceEnd(start) : run(of: kind, from: end)
        }
        if isASCIILetter(byte) { return run(of: .letter, from: start + 1) }
        if byte == 0x27, let end = contractionEnd(start) { return end }
        let (kind, end) = character(at: start)
        return kind == .space ? spaceEnd(start) : run(of: kind, from: end)
    }

    @inline(__always)
    private func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// The class of a character and its end.
    @inline(__always)
    func character(at position: Int) -> (kind: CharacterClass, end: Int) {
        let byte = text[position]
        if byte < 0x80 { return (classes[UInt32(byte)], position + 1) }
        guard let (scalar, length) = scalar(at: position, in: UnsafeBufferPointer(start: text, count: count)) else {
            return (.other, position + 1)
        }
        return (classes[scalar.value], position + length)
    }

    @inline(__always)
    private func run(of kind: CharacterClass, from start: Int) -> Int {
        var end = start
        if kind == .letter { while end < count, isASCIILetter(text[end]) { end += 1 } }
        while end < count, case (kind, let next) = character(at: end) { end = next }
        return end
    }

    /// `\s+(?!\S)|\s+`: white space at the end of the text is taken whole; before anything else the last character is
    /// left, unless it is the only one.
    private func spaceEnd(_ start: Int) -> Int {
        var last = start, end = start
        while end < count, case (.space, let next) = character(at: end) { (last, end) = (end, next) }
        return end < count && last > start ? last : end
    }

    private func contractionEnd(_ start: Int) -> Int? {
        guard start + 1 < count else { return nil }
        switch text[start + 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return start + 2 < count && text[start + 2] == UInt8(ascii: "e") ? start + 3 : nil
        case UInt8(ascii: "l"): return start + 2 < count && text[start + 2] == UInt8(ascii: "l") ? start + 3 : nil
        default: return nil
        }
    }

    /// The last place up to `limit` where splitting both parts separately gives the pieces of the whole; the end of the
    /// text if `limit` reaches it, 0 if there is no such place. `allows` can veto a place.
    ///
    /// Two kinds of place are safe given only their neighbours. Before a white-space character that is followed by
    /// something else: a piece always ends there, even after white space, since the last character of a run belongs to
    /// what follows. And between letters, numbers and other characters, except between an other character and a letter,
    /// which may form a contraction.
    func cut(before limit: Int, allows: (Int) -> Bool = { _ in true }) -> Int {
        guard limit < count else { return count }
        var place = limit
        while place > 0 {
            // Never cut before a UTF-8 continuation byte.
            if text[place] & 0xc0 != 0x80 {
                let (here, end) = character(at: place)
                let isCertain: Bool
                if here == .space {
                    isCertain = end < count && character(at: end).kind != .space
                } else {
                    let before = classBefore(place)
                    isCertain = before != .space && before != here && !(before == .other && here == .letter)
                }
                if isCertain, allows(place) { return place }
            }
            place -= 1
        }
        return 0
    }

    private func classBefore(_ place: Int) -> CharacterClass {
        var start = place - 1
        while start > 0, place - start < 4, text[start] & 0xc0 == 0x80 { start -= 1 }
        let (kind, end) = character(at: start)
        return end == place ? kind : .other
    }
}
