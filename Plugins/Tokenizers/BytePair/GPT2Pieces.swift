/// Cuts text as GPT-2's pattern does:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
///
/// A contraction; else letters, numbers or other characters, with the space before them; else white space, whose last character is left to what
/// follows it. A byte that is not UTF-8 counts as one other character.
struct GPT2Pieces {
    private let text: UnsafePointer<UInt8>
    private let count: Int
    private let classes: CharacterClasses

    /// Cuts `text`, which must outlive this.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
        count = text.count
        classes = .shared
    }

    /// The end of the piece that begins at `start`, which is below the text's end.
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

    /// The class of a character, and where it ends.
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

    /// `\s+(?!\S)|\s+`: all of the white space at the text's end, all but its last character before something else, or its only character.
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

    /// The last place up to `limit` at which the pieces of both parts are those of the whole; the end where `limit` reaches it, 0 where there is no
    /// such place. `allows` may refuse a place.
    ///
    /// Two kinds of place are certain without looking further than the neighbours. Before a white-space character that something else follows:
    /// a piece ends there whatever came before, white space too, as the last character of a run belongs to what follows. And between letters, numbers
    /// and other characters, but for an other character before a letter, which may be a contraction.
    func cut(before limit: Int, allows: (Int) -> Bool = { _ in true }) -> Int {
        guard limit < count else { return count }
        var place = limit
        while place > 0 {
            // A byte that continues a character, or is not UTF-8, is no place to cut.
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
