import LatheComponents

/// Cuts a document that is in memory into passages.
struct DocumentCutter {
    private var bytes: [UInt8] = []
    private var position = 0
    private var hasDocument = false

    /// Takes a document that is UTF-8. All of the one before must have been given out.
    mutating func take(_ document: [UInt8]) {
        (bytes, position, hasDocument) = (document, 0, true)
    }

    /// The next passage; nil where the document is at its end.
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

/// Where a passage that begins at a place ends: at the end of what there is, behind the last new line in reach, or else between two characters.
func passageEnd(_ bytes: [UInt8], from start: Int) -> Int {
    let limit = start + Passage.usualBytes
    guard limit < bytes.count else { return bytes.count }
    if let line = bytes[start..<limit].lastIndex(of: 0x0a), line >= start + Passage.usualBytes / 2 { return line + 1 }
    return characterBoundary(bytes[..<limit])
}

/// The end of the last whole character of UTF-8.
func characterBoundary(_ bytes: ArraySlice<UInt8>) -> Int {
    for back in 1...3 where bytes.count >= back {
        let byte = bytes[bytes.endIndex - back]
        if byte & 0xc0 != 0x80 { return byte < 0x80 ? bytes.endIndex : bytes.endIndex - back }
    }
    return bytes.endIndex
}
