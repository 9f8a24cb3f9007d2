import LatheComponents

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A cache entry is not what it was when it was made.
struct DamagedEntry: Error {}

/// What a cache entry must hold.
private struct Manifest: Codable {
    var files: [String: FileRecord]
}

private let manifestName = "manifest.json"
private let checkedName = "checked.json"

/// Makes a cache entry, file by file.
final class EntryBuilder {
    /// The folder in which the entry is made. What an interrupted process left there may be used.
    let folder: String
    private var files: [String: FileRecord] = [:]

    init(_ folder: String) { self.folder = folder }

    /// A file of the entry, to be finished by ``finish(_:_:)``.
    func writer(_ name: String) throws(DataError) -> FileWriter {
        removeFile(path(name))  // what an interrupted process left
        return try FileWriter(path(name))
    }

    /// Takes a complete file that is in the folder already.
    func adopt(_ name: String, _ record: FileRecord) { files[name] = record }

    /// Completes a file, and says what it is.
    @discardableResult
    func finish(_ name: String, _ writer: FileWriter) throws(DataError) -> FileRecord {
        let record = try writer.finish()
        files[name] = record
        return record
    }

    /// The path of a finished file.
    func path(_ name: String) -> String { folder + "/" + name }

    /// Writes a whole file.
    func write(_ name: String, _ bytes: [UInt8]) throws(DataError) {
        let writer = try writer(name)
        try writer.append(bytes)
        try finish(name, writer)
    }

    /// Writes a value as JSON.
    func write(_ name: String, json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(name, Array(try encoder.encode(value)))
    }

    /// Seals the entry: a list of its files, led by the list's own hash, and the identity of each file as it is now.
    func finish() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let list = Array(try encoder.encode(Manifest(files: files)))
        var identities: [String: FileIdentity] = [:]
        for name in files.keys { identities[name] = FileIdentity(path: path(name)) }
        try write(manifestName, Array((sha256(list) + "\n").utf8) + list)
        try write(checkedName, Array(try encoder.encode(identities)))
    }
}

/// A complete entry of the cache, whose files are what they were when they were made.
struct CacheEntry {
    let path: String

    /// Files up to this size are hashed at each opening, larger ones when they may have changed.
    private static let smallFile = 1 << 16

    /// Opens and checks an entry.
    ///
    /// - Throws: ``DamagedEntry`` where a file is missing, or is not what it was.
    init(_ path: String, cache: DataCache, progress: ProgressHandler) throws {
        self.path = path
        guard let bytes = readSmallFile(path + "/" + manifestName), let line = bytes.firstIndex(of: 0x0a),
            sha256(bytes[(line + 1)...]) == String(decoding: bytes[..<line], as: UTF8.self),
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
            guard file.withBytes({ sha256($0) }) == record.sha256 else { throw DamagedEntry() }
        }
        if current != checked, let bytes = try? JSONEncoder().encode(current) {
            // It only saves the work of checking again.
            try? cache.replaceSmallFile(path + "/" + checkedName, with: Array(bytes))
        }
    }

    /// A file of the entry, mapped.
    func map(_ name: String) throws -> MappedFile {
        do { return try MappedFile(path + "/" + name) } catch { throw DamagedEntry() }
    }

    /// A value that was written as JSON.
    func read<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
        guard let bytes = readSmallFile(path + "/" + name),
            let value = try? JSONDecoder().decode(type, from: Data(bytes))
        else {
            throw DamagedEntry()
        }
        return value
    }
}
