import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The lines of a file, each of bounded length.
final class LineInput {
    /// The longest line, in bytes: what is longer is not the file that it should be, and would fill the memory.
    static let longestLine = 64 << 20

    let file: FileInput
    /// The number of the line that was read last, from 1.
    private(set) var line = 0
    /// Where it begins in the file.
    private(set) var offset = 0
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)
    private var start = 0
    private var filled = 0
    private var isAtEnd = false
    /// The offset of the buffer in the file.
    private var bufferOffset = 0

    init(_ path: String) throws(DataError) { file = try FileInput(path) }

    /// Calls `body` with the next line, without its end; nil behind the last.
    ///
    /// - Throws: ``DataError`` for a line that is too long; what `body` throws.
    func next<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result? {
        var searched = start
        while true {
            if let end = lineEnd(from: searched) {
                return try deliver(end, next: end + 1, body)
            }
            searched = filled
            if isAtEnd {
                guard start < filled else { return nil }
                return try deliver(filled, next: filled, body)
            }
            try fill(&searched)
        }
    }

    private func lineEnd(from place: Int) -> Int? {
        buffer.withUnsafeBufferPointer { bytes -> Int? in
            guard place < filled, let base = bytes.baseAddress,
                let found = memchr(base + place, 0x0a, filled - place)
            else { return nil }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    private func deliver<Result>(
        _ end: Int, next: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result {
        line += 1
        offset = bufferOffset + start
        let begin = start
        start = next
        let stop = end > begin && buffer[end - 1] == 0x0d ? end - 1 : end
        return try buffer.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[begin..<stop])) }
    }

    private func fill(_ searched: inout Int) throws {
        if start > 0 {
            buffer.withUnsafeMutableBytes { bytes in
                bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<filled]))
            }
            bufferOffset += start
            searched -= start
            filled -= start
            start = 0
        }
        if filled == buffer.count {
            guard filled < Self.longestLine else {
                throw DataError(
                    file.path, byteOffset: bufferOffset,
                    "line \(line + 1): is longer than \(Self.longestLine >> 20) MiB; each line must be one document")
            }
            buffer.append(contentsOf: repeatElement(0, count: buffer.count))
        }
        let room = filled
        let got = try buffer.withUnsafeMutableBytes { bytes in
            try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[room...]))
        }
        filled += got
        isAtEnd = got == 0
    }
}
