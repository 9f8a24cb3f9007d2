#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Converts text to UTF-8 with the system's iconv.
public enum CharacterConversion {
    /// Whether the system knows a character set.
    public static func knows(_ name: String) -> Bool {
        let descriptor = iconv_open("UTF-8", name)
        guard descriptor != iconv_t(bitPattern: -1) else { return false }
        iconv_close(descriptor)
        return true
    }

    /// Undecodable bytes become U+FFFD; nil for an unknown character set.
    ///
    /// - Parameter unit: bytes of the smallest unit, which is skipped where it cannot be decoded.
    public static func utf8(_ text: ArraySlice<UInt8>, from name: String, unit: Int = 1) -> [UInt8]? {
        let descriptor = iconv_open("UTF-8", name)
        guard descriptor != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(descriptor) }
        var input = Array(text)
        var result: [UInt8] = []
        result.reserveCapacity(input.count * 3 / 2)
        var piece = [CChar](repeating: 0, count: 1 << 16)
        input.withUnsafeMutableBytes { bytes in
            var next = bytes.bindMemory(to: CChar.self).baseAddress
            var left = bytes.count
            while left > 0 {
                let status = piece.withUnsafeMutableBufferPointer { piece in
                    var out = piece.baseAddress
                    var room = piece.count
                    let status = iconv(descriptor, &next, &left, &out, &room)
                    let failure = status == -1 ? errno : 0
                    result.append(
                        contentsOf: UnsafeRawBufferPointer(start: piece.baseAddress, count: piece.count - room))
                    return failure
                }
                // An invalid byte, or an incomplete character at the very end.
                if status == EILSEQ || status == EINVAL {
                    result.append(contentsOf: [0xef, 0xbf, 0xbd])
                    let skipped = min(left, unit)
                    next = next.map { $0 + skipped }
                    left -= skipped
                } else if status != 0, status != E2BIG {
                    return
                }
            }
        }
        return result
    }
}
