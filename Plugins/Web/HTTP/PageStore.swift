import Crypto
import LatheComponents

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Pages that were fetched, by address: `<folder>/<SHA-256 of the address>.page` holds the body, and `.json` beside it what is known of it. The body is
/// written first, and both are replaced whole; a record whose body is not the one that it means counts as none.
struct PageStore {
    /// What is known of a page.
    struct Record: Codable, Sendable {
        /// The address that was asked for.
        var url: String
        /// The address that it was found at, behind redirects.
        var finalURL: String
        /// When it was fetched or confirmed, in seconds since 1970.
        var checked: Int
        var etag: String?
        var lastModified: String?
        var mediaType: String?
        var characterSet: String?
        /// The SHA-256 of the body.
        var sha256: String
    }

    private let folder: String

    init(_ folder: String) { self.folder = folder }

    private func path(_ address: WebAddress) -> String {
        folder + "/" + hexadecimalSHA256(Array(address.description.utf8))
    }

    /// The page of an address, if it is there whole.
    func page(_ address: WebAddress) -> (record: Record, body: [UInt8])? {
        guard let bytes = wholeFile(path(address) + ".json"),
            let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)),
            record.url == address.description, let body = wholeFile(path(address) + ".page"),
            hexadecimalSHA256(body) == record.sha256
        else { return nil }
        return (record, body)
    }

    /// Keeps a page.
    func keep(_ record: Record, _ body: [UInt8]?, for address: WebAddress) throws(DataError) {
        if let body { try replaceFile(path(address) + ".page", with: body) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(record) else { return }
        try replaceFile(path(address) + ".json", with: Array(json))
    }
}

/// The SHA-256 of bytes, in hexadecimal.
func hexadecimalSHA256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

/// Bytes in hexadecimal.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// Everything in a file; nil where it cannot be read.
func wholeFile(_ path: String) -> [UInt8]? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    return Array(data)
}

/// Replaces a file whole or not at all, and makes its folder.
func replaceFile(_ path: String, with bytes: [UInt8]) throws(DataError) {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let temporary = "\(path).\(getpid()).\(String(UInt64.random(in: .min ... .max), radix: 16))"
    func failure(_ reason: String) -> DataError {
        DataError(path, "cannot be kept: \(reason); LATHE_CACHE names another folder for what is fetched")
    }
    do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: temporary))
    } catch {
        unlink(temporary)
        throw failure(String(cString: strerror(errno)))
    }
    let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
        fsync(descriptor)
        close(descriptor)
    }
    guard rename(temporary, path) == 0 else {
        let reason = String(cString: strerror(errno))
        unlink(temporary)
        throw failure(reason)
    }
}
