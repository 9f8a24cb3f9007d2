import LatheComponents
import LatheSystem

/// A file of token ids: what its first bytes say, and where its ids are.
struct TokenFile {
    let path: String
    private let size: Int
    private let head: [UInt8]
    /// Bytes from the start that are looked at: a header, or enough ids to tell how wide they are.
    private static let headBytes = 1 << 16
    private static let llmcHeaderBytes = 1024

    init(_ path: String) throws(DataError) {
        self.path = path
        guard Path.kind(of: path) != .folder else { throw DataError(path, "is not a regular file") }
        do throws(FileError) {
            let file = try OpenFile(path)
            size = try file.status.size
            head = try file.bytes(at: 0, count: min(size, Self.headBytes))
        } catch { throw DataError(error) }
    }

    /// Where the file's ids are.
    ///
    /// - Throws: ``DataError`` for a file that ends within an id, does not have the length or the header that its
    ///   format requires, or holds something else.
    func run(as format: TokenSource.Format, _ type: TokenSource.IDType) throws(DataError) -> ReadyTokens.Run {
        switch format {
        case .llmc: return try llmc(type)
        case .npy: return try numpy(type)
        case .nanogpt: return try plain(type)
        case .auto:
            if llmcWidth != nil { return try llmc(type) }
            if head.starts(with: NumPyHeader.magic) { return try numpy(type) }
            return try plain(type)
        }
    }

    private func number(_ index: Int) -> Int {
        guard head.count >= 4 * index + 4 else { return 0 }
        return head.withUnsafeBytes {
            Int(Int32(littleEndian: $0.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)))
        }
    }

    private var llmcWidth: TokenSequence.Width? {
        number(0) == 20_240_520 ? .two : number(0) == 20_240_801 ? .four : nil
    }

    private func llmc(_ type: TokenSource.IDType) throws(DataError) -> ReadyTokens.Run {
        guard let width = llmcWidth else {
            throw DataError(
                path, byteOffset: 0,
                "does not begin with llm.c's magic number 20240520 or 20240801; set data.source.format to nanogpt if it "
                    + "has no header")
        }
        try check(type, width)
        let expected = width == .two ? 1 : 7, version = number(1), count = number(2)
        guard version == expected else {
            throw DataError(
                path, byteOffset: 4,
                "llm.c's header says version \(version), but \(number(0)) requires version \(expected)")
        }
        guard count >= 0, size == Self.llmcHeaderBytes + count * width.rawValue else {
            throw DataError(
                path, byteOffset: min(size, Self.llmcHeaderBytes),
                "llm.c's header says \(count) ids of \(width.rawValue) bytes, which makes "
                    + "\(Self.llmcHeaderBytes + max(0, count) * width.rawValue) bytes in all; the file has \(size)")
        }
        return .init(path: path, offset: Self.llmcHeaderBytes, count: count, width: width)
    }

    private func numpy(_ type: TokenSource.IDType) throws(DataError) -> ReadyTokens.Run {
        let header: NumPyHeader
        do throws(NumPyHeader.Problem) { header = try NumPyHeader(head) } catch {
            throw DataError(path, byteOffset: 0, error.message)
        }
        try check(type, header.width)
        guard size == header.bytes + header.count * header.width.rawValue else {
            throw DataError(
                path, byteOffset: min(size, header.bytes),
                "the NumPy header says \(header.count) ids of \(header.width.rawValue) bytes, which makes "
                    + "\(header.bytes + header.count * header.width.rawValue) bytes in all; the file has \(size)")
        }
        return .init(path: path, offset: header.bytes, count: header.count, width: header.width)
    }

    private func check(_ type: TokenSource.IDType, _ width: TokenSequence.Width) throws(DataError) {
        guard let given = type.width, given != width else { return }
        throw DataError(
            path, byteOffset: 0,
            "the header says ids of \(8 * width.rawValue) bits, but data.source.dtype is \(type.rawValue); remove dtype"
        )
    }

    private func plain(_ type: TokenSource.IDType) throws(DataError) -> ReadyTokens.Run {
        if type == .auto { try checkLooks() }
        let width = type.width ?? .two
        guard size % width.rawValue == 0 else {
            throw DataError(
                path, byteOffset: size - 1,
                "the file ends within an id: \(size) bytes is not a whole number of \(width.rawValue)-byte ids")
        }
        return .init(path: path, offset: 0, count: size / width.rawValue, width: width)
    }

    /// Refuses what does not look like 16-bit ids.
    private func checkLooks() throws(DataError) {
        try FileKind.refuse(path, head: head)
        if head.starts(with: [0x1f, 0x8b]) {
            throw DataError(path, "is compressed with gzip; decompress it, for example with gzip -d")
        }
        if head.starts(with: NumPyHeader.magic) {
            throw DataError(path, "is a NumPy array; set data.source.format to npy, or leave it out")
        }
        let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
        // A character may be cut where the head ends.
        if head.count >= 16, isText, String(validating: head[..<characterBoundary(head[...])], as: UTF8.self) != nil {
            throw DataError(
                path, byteOffset: 0,
                "looks like text, not like token ids; read it with the source 'text', or set data.source.dtype if "
                    + "these are ids")
        }
        let ids = stride(from: 0, to: head.count - 1, by: 2).map { Int(head[$0]) | Int(head[$0 + 1]) << 8 }
        let low = stride(from: 0, to: ids.count, by: 2).map { ids[$0] }
        let high = stride(from: 1, to: ids.count, by: 2).map { ids[$0] }
        // The upper halves of 32-bit ids are small; those of a vocabulary of up to 65,536 are zeros.
        let isWide =
            high.count >= 2 && high.allSatisfy { $0 == 0 } && low.contains { $0 != 0 }
            || high.count >= 64 && high.allSatisfy { $0 < 16 } && low.contains { $0 >= 4096 }
        guard !isWide else {
            let isLong = high.count >= 4 && stride(from: 1, to: low.count, by: 2).allSatisfy { low[$0] == 0 }
            throw DataError(
                path, byteOffset: 2,
                isLong
                    ? "three of four 16-bit numbers are zeros, as in 64-bit ids; save them as 16 or 32 bits, for "
                        + "example with numpy's astype('uint32').tofile"
                    : "every other 16-bit number is almost always zero, as in 32-bit ids; set data.source.dtype to "
                        + "uint32, or to uint16 if it is right")
        }
    }
}
