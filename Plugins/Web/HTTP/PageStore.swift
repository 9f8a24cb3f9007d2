import LatheSystem
import LatheComponents

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
        guard let bytes = DurableFile.bytes(path(address) + ".json"),
            let record = try? JSONCoding.value(Record.self, from: bytes),
            record.url == address.description, let body = DurableFile.bytes(path(address) + ".page"),
            SHA256.hexadecimal(of: body) == record.sha256
        else { return nil }
        return (record, body)
    }

    /// A nil `body` keeps the cached one.
    func keep(_ record: Record, _ body: [UInt8]?, for address: WebAddress) throws(DataError) {
        if let body { try replaceFile(path(address) + ".page", with: body) }
        guard let json = try? JSONCoding.bytes(record) else { return }
        try replaceFile(path(address) + ".json", with: json)
    }
}

/// Replaces a file atomically, and creates its folder.
func replaceFile(_ path: String, with bytes: [UInt8]) throws(DataError) {
    do throws(FileError) {
        try DurableFolder.create(Path.parent(of: path))
        try DurableFile.write(bytes, to: path)
    } catch {
        throw DataError(path, "cannot be kept: \(error.reason); set LATHE_CACHE to another folder")
    }
}
