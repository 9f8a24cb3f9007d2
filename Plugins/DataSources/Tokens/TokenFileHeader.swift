import LatheComponents
import LatheSystem

/// Detects and checks the headers of token files.
enum TokenFileHeader {
    private static let headerBytes = 1024

    /// Where a file's ids are.
    ///
    /// - Throws: ``DataError`` for a file that ends within an id, does not have the length its header declares, or
    ///   lacks a required header.
    static func run(of path: String, format: TokenSource.Format) throws(DataError) -> ReadyTokens.Run {
        let size: Int, head: [Int32], got: Int
        guard Path.kind(of: path) != .folder else { throw DataError(path, "is not a regular file") }
        do throws(FileError) {
            let file = try OpenFile(path)
            size = try file.status.size
            let bytes = try file.bytes(at: 0, count: 12)
            got = bytes.count
            head = (bytes + [UInt8](repeating: 0, count: 12 - got)).withUnsafeBytes { bytes in
                (0..<3).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self) }
            }
        } catch { throw DataError(error) }
        let (magic, version, count) = (
            Int32(littleEndian: head[0]), Int32(littleEndian: head[1]), Int(Int32(littleEndian: head[2]))
        )
        let width: TokenSequence.Width? = got < 4 ? nil : magic == 20_240_520 ? .two : magic == 20_240_801 ? .four : nil
        guard format != .nanogpt, let width else {
            guard format != .llmc else {
                throw DataError(
                    path, byteOffset: 0,
                    "does not begin with llm.c's magic number 20240520 or 20240801; set data.source.format to "
                        + "nanogpt if it has no header"
                )
            }
            guard size % 2 == 0 else {
                throw DataError(
                    path, byteOffset: size - 1,
                    "the file ends within an id: \(size) bytes is not a whole number of 2-byte ids")
            }
            return .init(path: path, offset: 0, count: size / 2, width: .two)
        }
        let expected: Int32 = width == .two ? 1 : 7
        guard version == expected else {
            throw DataError(
                path, byteOffset: 4,
                "llm.c's header says version \(version), but \(magic) requires version \(expected)")
        }
        guard count >= 0, size == headerBytes + count * width.rawValue else {
            throw DataError(
                path, byteOffset: min(size, headerBytes),
                "llm.c's header says \(count) ids of \(width.rawValue) bytes, which makes "
                    + "\(headerBytes + max(0, count) * width.rawValue) bytes in all; "
                    + "the file has \(size)")
        }
        return .init(path: path, offset: headerBytes, count: count, width: width)
    }
}
