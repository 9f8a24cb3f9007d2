import LatheSystem
import LatheComponents
public import LatheSpec

/// SHA-256 of files. Each file is read once as long as it does not change: the cache remembers path, inode, size and
/// times.
public struct ContentHashes: Sendable {
    private let cache: DataCache

    public init(cache: DataCache) { self.cache = cache }

    /// SHA-256, in hexadecimal.
    public static func hash(of text: String) -> String { SHA256.hexadecimal(of: text.utf8) }

    /// The SHA-256 of a fitted tokenizer, in hexadecimal: of its type name and the files that restore it.
    public static func hash(ofTokenizer name: String, files: [String: [UInt8]]) -> String {
        let hashes = files.sorted { $0.key < $1.key }.map { "\($0.key) \(SHA256.hexadecimal(of: $0.value))" }
        return SHA256.hexadecimal(of: "\(name)\n\(hashes.joined(separator: "\n"))".utf8)
    }

    private struct Note: Codable {
        var path: String
        var identity: FileStamp
        var sha256: String
    }

    /// The SHA-256 of a file, in hexadecimal.
    ///
    /// - Throws: ``DataError`` if the file cannot be read or changes meanwhile.
    public func hash(ofFile path: String, progress: ProgressHandler = { _ in }) throws -> String {
        let notePath = cache.root + "/memo/" + SHA256.hexadecimal(of: path.utf8).prefix(32) + ".json"
        let file: OpenFile, identity: FileStamp
        do throws(FileError) { (file, identity) = (try OpenFile(path), try FileStamp(of: path)) } catch {
            throw error.isAbsent ? DataError(path, "there is no such file") : DataError(error)
        }
        if let bytes = DurableFile.bytes(notePath), let note = try? JSONCoding.value(Note.self, from: bytes),
            note.path == path, note.identity == identity
        {
            return note.sha256
        }
        let hash = try read(file, total: identity.size, progress: progress)
        guard FileStamp(path: path) == identity else {
            throw DataError(path, "changed while it was being read; run again once it is complete")
        }
        // The note only saves time. A cache that cannot be written is reported where it matters.
        if !identity.mayHideChange(),
            let note = try? JSONCoding.bytes(Note(path: path, identity: identity, sha256: hash), .compact)
        {
            try? cache.replaceSmallFile(notePath, with: note)
        }
        return hash
    }

    /// The SHA-256, in hexadecimal, of everything that a path of a spec names: of a file's contents, or of the hashes
    /// of all files in a folder or matching a pattern.
    ///
    /// - Throws: ``DataError`` if there is no such file, or one cannot be read.
    public func hash(of path: SpecPath) throws -> String {
        let files = try SourceFiles.find(path)
        if files == [path.resolved] { return try hash(ofFile: path.resolved) }
        return Self.hash(of: try files.map { try hash(ofFile: $0) }.joined(separator: "\n"))
    }

    private func read(_ file: OpenFile, total: Int, progress: ProgressHandler) throws -> String {
        var hash = SHA256()
        var done = 0
        do {
            while case let count = try hash.update(from: file), count > 0 {
                done += count
                try progress(PreparationProgress(.hashing, done: done, total: total))
            }
        } catch let error as FileError {
            throw DataError(error, byteOffset: done)
        }
        return hexadecimal(hash.finalize())
    }
}
