import LatheComponents
import LatheSystem

/// Reads a file line by line, with bounded line length.
final class LineInput {
    /// In bytes. A longer line indicates the wrong kind of file and would exhaust memory.
    static let longestLine = 64 << 20

    let file: FileInput
    /// Number of the last line read, from 1.
    private(set) var line = 0
    /// Its offset in the file.
    private(set) var offset = 0
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)
    private var start = 0
    private var filled = 0
    private var isAtEnd = false
    /// File offset of the buffer's start.
    private var bufferOffset = 0

    init(_ path: String) throws(DataError) { file = try FileInput(path) }

    /// Calls `body` with the next line, without its line end; nil after the last.
    ///
    /// - Throws: ``DataError`` for a line that is too long, and what `body` throws.
    func next<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result? {
        var searched = start
        while true {
            if let end = buffer.withUnsafeBufferPointer({ $0.firstIndex(of: 0x0a, in: searched..<filled) }) {
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
