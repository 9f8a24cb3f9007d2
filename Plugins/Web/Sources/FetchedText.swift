import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads fetched text, one document per file, in passages that end at a line end if one is within reach.
struct FetchedText: PassageReader {
    private var rest: ArraySlice<SourceFile>
    private var current: (file: SourceFile, descriptor: Descriptor)?
    private var buffer = [UInt8](repeating: 0, count: Passage.usualBytes)
    private var filled = 0
    private var offset = 0

    init(_ files: [SourceFile]) { rest = files[...] }

    mutating func next() throws -> Passage? {
        if current == nil {
            guard let file = rest.popFirst() else { return nil }
            current = (file, try Descriptor(file.path))
            (filled, offset) = (0, 0)
        }
        guard let current else { return nil }
        while filled < buffer.count {
            let start = filled
            let got = buffer.withUnsafeMutableBytes {
                systemRead(current.descriptor.number, $0.baseAddress?.advanced(by: start), $0.count - start)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw DataError(current.file.path, "cannot be read: \(String(cString: strerror(errno)))")
            }
            if got == 0 { break }
            filled += got
        }
        let isLast = filled < buffer.count
        let end = isLast ? filled : passageEnd
        guard let text = String(validating: buffer[..<end], as: UTF8.self) else {
            throw DataError(
                current.file.origin ?? current.file.path, byteOffset: offset,
                "is not UTF-8 somewhere in the next \(end) bytes; only UTF-8 text can be read")
        }
        offset += end
        buffer.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[end..<filled])) }
        filled -= end
        if isLast { self.current = nil }
        return Passage(text: text, endsDocument: isLast)
    }

    /// Where to cut a full buffer: after its last newline, else before an incomplete character.
    private var passageEnd: Int {
        if let line = buffer.lastIndex(of: 0x0a), line >= buffer.count / 2 { return line + 1 }
        for back in 1...3 where buffer[buffer.count - back] & 0xc0 != 0x80 {
            return buffer[buffer.count - back] < 0x80 ? buffer.count : buffer.count - back
        }
        return buffer.count
    }
}

/// An open file, closed when this value is released.
private final class Descriptor {
    let number: Int32

    init(_ path: String) throws(DataError) {
        number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw DataError(path, "cannot be opened: \(String(cString: strerror(errno)))") }
    }

    deinit { close(number) }
}

/// `read(2)`; methods named `read` shadow it.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
