import LatheComponents
import LatheSystem

/// Reads fetched text, one document per file, in passages that end at a line end if one is within reach.
struct FetchedText: PassageReader {
    private var rest: ArraySlice<SourceFile>
    private var current: (file: SourceFile, input: OpenFile)?
    private var buffer = [UInt8](repeating: 0, count: Passage.usualBytes)
    private var filled = 0
    private var offset = 0

    init(_ files: [SourceFile]) { rest = files[...] }

    mutating func next() throws -> Passage? {
        if current == nil {
            guard let file = rest.popFirst() else { return nil }
            current = (file, try Self.open(file.path))
            (filled, offset) = (0, 0)
        }
        guard let current else { return nil }
        do throws(FileError) {
            let start = filled
            filled += try buffer.withUnsafeMutableBytes { buffer in
                Result { () throws(FileError) in
                    try current.input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
                }
            }.get()
        } catch { throw DataError(error) }
        let isLast = filled < buffer.count
        let end = isLast ? filled : passageEnd
        // A byte order mark is not part of the text.
        let start = offset == 0 && buffer[..<end].starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        guard let text = String(validating: buffer[start..<end], as: UTF8.self) else {
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

    private static func open(_ path: String) throws(DataError) -> OpenFile {
        do throws(FileError) { return try OpenFile(path) } catch { throw DataError(error) }
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
