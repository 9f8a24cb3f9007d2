#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Numbers in the forms of C's `printf`.
public func formatted(_ format: String, _ arguments: any CVarArg...) -> String {
    withVaList(arguments) { list in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { buffer in
            let count = buffer.withMemoryRebound(to: CChar.self) {
                vsnprintf($0.baseAddress, $0.count, format, list)
            }
            return String(decoding: buffer.prefix(max(0, min(Int(count), buffer.count - 1))), as: UTF8.self)
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first place of a byte in a range, found with vector instructions.
    public func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard !range.isEmpty, let base = baseAddress,
            let found = memchr(base + range.lowerBound, Int32(byte), range.count)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
