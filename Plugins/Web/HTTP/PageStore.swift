import LatheSystem
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

/// Cached pages by URL: `<folder>/<SHA-256 of the URL>.page` holds the body, `.json` next to it the metadata. The body
/// is written first, and both are replaced atomically; a record whose SHA-256 does not match its body is ignored.
struct PageStore {
    struct Record: Codable, Sendable {
        /// The URL that was requested.
        var url: String
        /// The URL after redirects.
        var finalURL: String
        /// When the page was last fetched or revalidated, in seconds since 1970.
        var checked: Int
        var etag: String?
        var lastModified: String?
        var mediaType: String?
        var characterSet: String?
        /// Of the body.
        var sha256: String
    }

    private let folder: String

    init(_ folder: String) { self.folder = folder }

    private func path(_ address: WebAddress) -> String {
        folder + "/" + SHA256.hexadecimal(of: Array(address.description.utf8))
    }

    /// Nil if the page is not cached or its record does not match the body.
    func page(_ address: WebAddress) -> (record: Record, body: [UInt8])? {
        guard let bytes = wholeFile(path(address) + ".json"),
            let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)),
            record.url == address.description, let body = wholeFile(path(address) + ".page"),
            SHA256.hexadecimal(of: body) == record.sha256
        else { return nil }
        return (record, body)
    }

    /// A nil `body` keeps the cached one.
    func keep(_ record: Record, _ body: [UInt8]?, for address: WebAddress) throws(DataError) {
        if let body { try replaceFile(path(address) + ".page", with: body) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(record) else { return }
        try replaceFile(path(address) + ".json", with: Array(json))
    }
}

/// Nil if the file cannot be read.
func wholeFile(_ path: String) -> [UInt8]? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    return Array(data)
}

/// Replaces a file atomically, and creates its folder.
func replaceFile(_ path: String, with bytes: [UInt8]) throws(DataError) {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let temporary = "\(path).\(getpid()).\(String(UInt64.random(in: .min ... .max), radix: 16))"
    func failure(_ reason: String) -> DataError {
        DataError(path, "cannot be kept: \(reason); set LATHE_CACHE to another folder")
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
