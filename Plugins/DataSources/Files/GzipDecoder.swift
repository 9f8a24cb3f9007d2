import CZlib
import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Decompresses a gzip file (RFC 1952) of one or more members and verifies their checksums.
final class GzipDecoder {
    private let path: String
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableBufferPointer<UInt8>
    /// Compressed bytes read from the file.
    private var readBytes = 0
    private var isWithinMember = true
    private var isAtEnd = false

    init(path: String) throws(DataError) {
        self.path = path
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(capacity: 1 << 16)
        // 15 bits of window; adding 16 selects the gzip format.
        let result = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw DataError(path, "cannot be decompressed: zlib error \(result)") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// The file offset up to which data has been decompressed.
    private var position: Int { readBytes - Int(stream.pointee.avail_in) }

    /// - Returns: the number of decompressed bytes; 0 only at the end.
    /// - Throws: ``DataError`` at the file offset where the data is truncated or damaged.
    func read(from descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
        guard !isAtEnd, !buffer.isEmpty else { return 0 }
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let room = min(buffer.count, 1 << 30)
        stream.pointee.avail_out = UInt32(room)
        while stream.pointee.avail_out == UInt32(room) {
            if stream.pointee.avail_in == 0, try !fill(from: descriptor) {
                guard isWithinMember else {
                    isAtEnd = true
                    return 0
                }
                throw DataError(
                    path, byteOffset: position, "the gzip data ends too soon: the file is truncated; download it again")
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
                throw DataError(
                    path, byteOffset: position,
                    "the gzip data is damaged: \(reason); download the file again")
            }
        }
        return room - Int(stream.pointee.avail_out)
    }

    private func fill(from descriptor: Int32) throws(DataError) -> Bool {
        while true {
            let got = systemRead(descriptor, input.baseAddress, input.count)
            if got < 0 {
                if errno == EINTR { continue }
                throw DataError(path, byteOffset: readBytes, "cannot be read: \(systemError())")
            }
            readBytes += got
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(got)
            return got > 0
        }
    }

    /// Another member may follow, or zero padding.
    private func beginMember() throws(DataError) {
        switch stream.pointee.next_in.pointee {
        case 0x1f:
            inflateReset(stream)
            isWithinMember = true
        case 0:
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        default:
            throw DataError(
                path, byteOffset: position, "the bytes after the gzip data are not gzip; download the file again")
        }
    }
}
