import LatheSystem
import LatheComponents

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
        removeFile(path(name))  // what an interrupted process left
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(name, Array(try encoder.encode(value)))
    }

    /// Seals the entry: writes the list of its files, led by the list's own hash, and the current identity of each
    /// file.
    func finish() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let list = Array(try encoder.encode(Manifest(files: files)))
        var identities: [String: FileIdentity] = [:]
        for name in files.keys { identities[name] = FileIdentity(path: path(name)) }
        try write(manifestName, Array((SHA256.hexadecimal(of: list) + "\n").utf8) + list)
        try write(checkedName, Array(try encoder.encode(identities)))
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
        guard let bytes = readSmallFile(path + "/" + manifestName), let line = bytes.firstIndex(of: 0x0a),
            SHA256.hexadecimal(of: bytes[(line + 1)...]) == String(decoding: bytes[..<line], as: UTF8.self),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes[(line + 1)...]))
        else { throw DamagedEntry() }
        let checked =
            readSmallFile(path + "/" + checkedName).flatMap {
                try? JSONDecoder().decode([String: FileIdentity].self, from: Data($0))
            } ?? [:]
        var current: [String: FileIdentity] = [:]
        for (name, record) in manifest.files {
            guard let identity = FileIdentity(path: path + "/" + name), identity.size == record.bytes else {
                throw DamagedEntry()
            }
            current[name] = identity
            if identity == checked[name], record.bytes > Self.smallFile { continue }
            if record.bytes > Self.smallFile { try progress(PreparationProgress(.verifying, total: record.bytes)) }
            let file: MappedFile
            do { file = try MappedFile(path + "/" + name) } catch { throw DamagedEntry() }
            guard file.withBytes({ SHA256.hexadecimal(of: $0) }) == record.sha256 else { throw DamagedEntry() }
        }
        if current != checked, let bytes = try? JSONEncoder().encode(current) {
            // A failure is harmless: this only saves checking again.
            try? cache.replaceSmallFile(path + "/" + checkedName, with: Array(bytes))
        }
    }

    func map(_ name: String) throws -> MappedFile {
        do { return try MappedFile(path + "/" + name) } catch { throw DamagedEntry() }
    }

    func read<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
        guard let bytes = readSmallFile(path + "/" + name),
            let value = try? JSONDecoder().decode(type, from: Data(bytes))
        else {
            throw DamagedEntry()
        }
        return value
    }
}
