import CZlib

/// What is wrong with gzip data.
public struct GzipError: Error, CustomStringConvertible {
    /// In compressed bytes from the start of the file.
    public var offset: Int
    public var description: String
}

/// Decompresses a gzip file (RFC 1952) of one or more members and verifies their checksums.
public final class GzipDecoder {
    private let file: OpenFile
    private let limit: Int
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableBufferPointer<UInt8>
    /// Compressed bytes read from the file.
    private var readBytes = 0
    private var decompressed = 0
    private var isWithinMember = true
    private var isAtEnd = false

    /// Whether a file begins like gzip data.
    public static func recognizes(_ file: OpenFile) -> Bool { (try? file.bytes(at: 0, count: 2)) == [0x1f, 0x8b] }

    /// - Parameters:
    ///   - file: nothing has been read from it.
    ///   - limit: more decompressed bytes are an error.
    public init(_ file: OpenFile, limit: Int = .max) {
        (self.file, self.limit) = (file, limit)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(capacity: 1 << 16)
        // 15 bits of window; adding 16 selects the gzip format.
        let result = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib cannot begin: error \(result)")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// The file offset up to which data has been decompressed.
    private var position: Int { readBytes - Int(stream.pointee.avail_in) }

    /// - Returns: the number of decompressed bytes; 0 only at the end.
    /// - Throws: ``GzipError`` at the file offset where the data is truncated or damaged; ``FileError``.
    public func readSome(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !isAtEnd, !buffer.isEmpty else { return 0 }
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let room = min(buffer.count, 1 << 30)
        stream.pointee.avail_out = UInt32(room)
        while stream.pointee.avail_out == UInt32(room) {
            if stream.pointee.avail_in == 0, try !fill() {
                guard isWithinMember else {
                    isAtEnd = true
                    return 0
                }
                throw error("the gzip data ends too soon: the file is truncated; download it again")
            }
            if !isWithinMember {
                try beginMember()
                continue
            }
            switch inflate(stream, Z_NO_FLUSH) {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: isWithinMember = false
            case let code:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
                throw error("the gzip data is damaged: \(reason); download the file again")
            }
        }
        let count = room - Int(stream.pointee.avail_out)
        decompressed += count
        guard decompressed <= limit else { throw error("the gzip data has more than \(limit) bytes decompressed") }
        return count
    }

    private func error(_ message: String) -> GzipError { GzipError(offset: position, description: message) }

    private func fill() throws(FileError) -> Bool {
        let got = try file.readSome(into: UnsafeMutableRawBufferPointer(input))
        readBytes += got
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(got)
        return got > 0
    }

    /// Another member may follow, or zero padding.
    private func beginMember() throws(GzipError) {
        switch stream.pointee.next_in.pointee {
        case 0x1f:
            inflateReset(stream)
            isWithinMember = true
        case 0:
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        default: throw error("the bytes after the gzip data are not gzip; download the file again")
        }
    }
}
