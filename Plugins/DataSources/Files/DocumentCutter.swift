import LatheComponents

/// Splits a document in memory into passages.
struct DocumentCutter {
    private var bytes: [UInt8] = []
    private var position = 0
    private var hasDocument = false

    /// Takes a UTF-8 document. The previous one must have been read to its end.
    mutating func take(_ document: [UInt8]) {
        (bytes, position, hasDocument) = (document, 0, true)
    }

    /// nil at the end of the document.
    mutating func next() -> Passage? {
        guard hasDocument else { return nil }
        let end = passageEnd(bytes, from: position)
        let passage = Passage(
            text: String(decoding: bytes[position..<end], as: UTF8.self), endsDocument: end == bytes.count)
        position = end
        if end == bytes.count { hasDocument = false }
        return passage
    }
}

/// The end of the passage that starts at `start`: the end of the bytes, after the last newline within reach, or else
/// between two characters.
func passageEnd(_ bytes: [UInt8], from start: Int) -> Int {
    let limit = start + Passage.usualBytes
    guard limit < bytes.count else { return bytes.count }
    if let line = bytes[start..<limit].lastIndex(of: 0x0a), line >= start + Passage.usualBytes / 2 { return line + 1 }
    return characterBoundary(bytes[..<limit])
}

func characterBoundary(_ bytes: ArraySlice<UInt8>) -> Int {
    for back in 1...3 where bytes.count >= back {
        let byte = bytes[bytes.endIndex - back]
        if byte & 0xc0 != 0x80 { return byte < 0x80 ? bytes.endIndex : bytes.endIndex - back }
    }
    return bytes.endIndex
}
