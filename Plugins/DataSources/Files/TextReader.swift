import LatheComponents

/// Reads text files, each a document, in passages that end at a line end if one is within reach.
struct TextReader: PassageReader {
    private var rest: ArraySlice<String>
    private var input: FileInput?
    private var buffer = [UInt8](repeating: 0, count: Passage.usualBytes)
    private var filled = 0
    /// File offset of the buffer's start.
    private var offset = 0

    init(_ paths: [String]) { rest = paths[...] }

    mutating func next() throws -> Passage? {
        if input == nil {
            guard let path = rest.popFirst() else { return nil }
            input = try FileInput(path)
            (filled, offset) = (0, 0)
        }
        guard let input else { return nil }
        let start = filled
        filled += try buffer.withUnsafeMutableBytes { bytes in
            try input.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
        }
        let isLast = filled < buffer.count
        let end = isLast ? filled : fullPassageEnd(buffer)
        let mark = offset == 0 && buffer[..<end].starts(with: byteOrderMark) ? byteOrderMark.count : 0
        let text = try checkedText(buffer[mark..<end], input, at: offset + mark)
        offset += end
        buffer.withUnsafeMutableBytes { bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[end..<filled]))
        }
        filled -= end
        if isLast { self.input = nil }
        return Passage(text: text, endsDocument: isLast)
    }
}

/// U+FEFF in UTF-8. At the start of a file it says that the file is UTF-8, and is not part of the text.
let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

/// Decodes bytes of a file.
///
/// - Parameter offset: their offset in the file.
/// - Throws: ``DataError`` at the first byte that is not UTF-8 or is NUL, which indicates a binary or UTF-16 file.
func checkedText(_ bytes: ArraySlice<UInt8>, _ input: FileInput, at offset: Int) throws(DataError) -> String {
    let within = input.isCompressed ? " after decompression" : ""
    guard let text = String(validating: bytes, as: UTF8.self) else {
        let bad = firstInvalidByte(bytes)
        let isUTF16 = offset == 0 && (bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]))
        throw DataError(
            input.path, byteOffset: offset + bad - bytes.startIndex,
            "is not UTF-8\(within) (byte 0x\(String(bytes[bad], radix: 16))); convert it, for example with iconv -f "
                + "\(isUTF16 ? "utf-16" : "latin1") -t utf-8"
        )
    }
    if let zero = bytes.firstIndex(of: 0) {
        throw DataError(
            input.path, byteOffset: offset + zero - bytes.startIndex,
            "is NUL\(within), which text does not contain; if the file is UTF-16, convert it, for example with "
                + "iconv -f utf-16 -t utf-8"
        )
    }
    return text
}

/// The index of the first byte that is not valid UTF-8.
private func firstInvalidByte(_ bytes: ArraySlice<UInt8>) -> Int {
    var low = bytes.startIndex
    while low < bytes.endIndex {
        let lead = bytes[low]
        let length = lead < 0x80 ? 1 : lead & 0xe0 == 0xc0 ? 2 : lead & 0xf0 == 0xe0 ? 3 : lead & 0xf8 == 0xf0 ? 4 : 0
        guard length > 0, low + length <= bytes.endIndex,
            String(validating: bytes[low..<(low + length)], as: UTF8.self) != nil
        else { return low }
        low += length
    }
    return bytes.startIndex
}

/// Where to cut a full buffer: after its last newline, or else before an incomplete character.
private func fullPassageEnd(_ buffer: [UInt8]) -> Int {
    if let line = buffer.lastIndex(of: 0x0a), line >= buffer.count / 2 { return line + 1 }
    return characterBoundary(buffer[...])
}
