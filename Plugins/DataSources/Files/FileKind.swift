import LatheComponents

/// A kind of file that holds no text or tokens as it is, told by its first bytes.
enum FileKind: CaseIterable {
    case pdf, zstd, bzip2, xz, zip, parquet

    /// Bytes to read from a file's start.
    static let headBytes = 6

    init?(head: [UInt8]) {
        guard let kind = Self.allCases.first(where: { head.starts(with: $0.magic) }) else { return nil }
        self = kind
    }

    private var magic: [UInt8] {
        switch self {
        case .pdf: Array("%PDF-".utf8)
        case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
        case .bzip2: Array("BZh".utf8)
        case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
        case .zip: [0x50, 0x4b, 0x03, 0x04]
        case .parquet: Array("PAR1".utf8)
        }
    }

    private var description: String {
        switch self {
        case .pdf: "is a PDF; save its text, for example with pdftotext"
        case .zstd: "is compressed with zstd; decompress it, for example with zstd -d"
        case .bzip2: "is compressed with bzip2; decompress it, for example with bunzip2"
        case .xz: "is compressed with xz; decompress it, for example with xz -d"
        case .zip: "is a zip archive; unpack it"
        case .parquet: "is a Parquet file; convert it to JSON Lines"
        }
    }

    /// - Throws: ``DataError`` if a file is of such a kind.
    static func refuse(_ path: String, head: [UInt8]) throws(DataError) {
        if let kind = FileKind(head: head) { throw DataError(path, kind.description) }
    }
}
