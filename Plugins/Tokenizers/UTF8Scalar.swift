/// The scalar that begins at a byte, and its length in bytes; nil if the bytes are not UTF-8.
func scalar(at position: Int, in text: UnsafeBufferPointer<UInt8>) -> (scalar: Unicode.Scalar, length: Int)? {
    let lead = text[position]
    if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
    let length = lead & 0xe0 == 0xc0 ? 2 : lead & 0xf0 == 0xe0 ? 3 : lead & 0xf8 == 0xf0 ? 4 : 0
    guard length > 0, position + length <= text.count else { return nil }
    var value = UInt32(lead) & (0x7f >> UInt32(length))
    for i in 1..<length {
        let byte = text[position + i]
        guard byte & 0xc0 == 0x80 else { return nil }
        value = value << 6 | UInt32(byte & 0x3f)
    }
    // Reject overlong forms and surrogates.
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000
    guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
}

/// The last place up to `limit` where a scalar begins.
func scalarBoundary(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) -> Int {
    var place = min(limit, text.count)
    while place > 0, place < text.count, text[place] & 0xc0 == 0x80 { place -= 1 }
    return place
}

/// The offset of the first byte that is not valid UTF-8; nil if all is valid.
func firstByteNotUTF8(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    let raw = UnsafeRawBufferPointer(text)
    var position = 0
    while position < text.count {
        // Most text is ASCII: eight bytes at a time.
        while position + 8 <= text.count,
            raw.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        { position += 8 }
        guard position < text.count else { return nil }
        guard let (_, length) = scalar(at: position, in: text) else { return position }
        position += length
    }
    return nil
}
