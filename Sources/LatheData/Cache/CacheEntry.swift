import LatheSystem
import LatheComponents

/// A cache entry is missing files or has changed since it was made.
struct DamagedEntry: Error {}

/// The files that a cache entry must hold.
private struct Manifest: Codable {
    var files: [String: FileRecord]
}

private let manifestName = "manifest.json"
private let checkedName = "checked.json"

/// Builds a cache entry, file by file.
final class EntryBuilder {
    /// The folder in which the entry is made. It may hold usable files of an interrupted process.
    let folder: String
    private var files: [String: FileRecord] = [:]

    init(_ folder: String) { self.folder = folder }

    /// Opens a file of the entry; complete it with ``finish(_:_:)``.
    func writer(_ name: String) throws(DataError) -> FileWriter {
        DurableFile.discard(path(name))  // what an interrupted process left
        return try FileWriter(path(name))
    }

    /// Adds a complete file that is already in the folder.
    func adopt(_ name: String, _ record: FileRecord) { files[name] = record }

    /// Completes a file and returns its size and hash.
    @discardableResult
    func finish(_ name: String, _ writer: FileWriter) throws(DataError) -> FileRecord {
        let record = try writer.finish()
        files[name] = record
        return record
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func write(_ name: String, _ bytes: [UInt8]) throws(DataError) {
        let writer = try writer(name)
        try writer.append(bytes)
        try finish(name, writer)
    }

    func write(_ name: String, json value: some Encodable) throws {
        try write(name, try JSONCoding.bytes(value))
    }

    /// Seals the entry: writes the list of its files, led by the list's own hash, and the current identity of each
    /// file.
    func finish() throws {
        let list = try JSONCoding.bytes(Manifest(files: files), .sortedEscaped)
        var identities: [String: FileStamp] = [:]
        for name in files.keys { identities[name] = FileStamp(path: path(name)) }
        try write(manifestName, Array((SHA256.hexadecimal(of: list) + "\n").utf8) + list)
        try write(checkedName, try JSONCoding.bytes(identities, .sortedEscaped))
    }
}

/// A complete cache entry whose files have been checked.
struct CacheEntry {
    let path: String

    /// Files up to this size are hashed at each opening; larger ones only if their identity has changed.
    private static let smallFile = 1 << 16

    /// Opens and checks an entry.
    ///
    /// - Throws: ``DamagedEntry`` if a file is missing or has changed.
    init(_ path: String, cache: DataCache, progress: ProgressHandler) throws {
        self.path = path
        guard let bytes = DurableFile.bytes(path + "/" + manifestName), let line = bytes.firstIndex(of: 0x0a),
            SHA256.hexadecimal(of: bytes[(line + 1)...]) == String(decoding: bytes[..<line], as: UTF8.self),
            let manifest = try? JSONCoding.value(Manifest.self, from: bytes[(line + 1)...])
        else { throw DamagedEntry() }
        let checked =
            DurableFile.bytes(path + "/" + checkedName).flatMap {
                try? JSONCoding.value([String: FileStamp].self, from: $0)
            } ?? [:]
        var current: [String: FileStamp] = [:]
        for (name, record) in manifest.files {
            guard let identity = FileStamp(path: path + "/" + name), identity.size == record.bytes else {
                throw DamagedEntry()
            }
            current[name] = identity
            if identity == checked[name], record.bytes > Self.smallFile { continue }
            if record.bytes > Self.smallFile { try progress(PreparationProgress(.verifying, total: record.bytes)) }
            let file: MappedFile
            do { file = try MappedFile(path + "/" + name) } catch { throw DamagedEntry() }
            guard file.withBytes({ SHA256.hexadecimal(of: $0) }) == record.sha256 else { throw DamagedEntry() }
        }
        if current != checked, let bytes = try? JSONCoding.bytes(current, .compact) {
            // A failure is harmless: this only saves checking again.
            try? cache.replaceSmallFile(path + "/" + checkedName, with: bytes)
        }
    }

    func map(_ name: String) throws -> MappedFile {
        do { return try MappedFile(path + "/" + name) } catch { throw DamagedEntry() }
    }

    func read<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
        guard let bytes = DurableFile.bytes(path + "/" + name),
            let value = try? JSONCoding.value(type, from: bytes)
        else {
            throw DamagedEntry()
        }
        return value
    }
}
