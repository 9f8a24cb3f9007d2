import LatheSystem
import LatheComponents
public import LatheSpec

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
        var identity: FileIdentity
        var sha256: String
    }

    /// The SHA-256 of a file, in hexadecimal.
    ///
    /// - Throws: ``DataError`` if the file cannot be read or changes meanwhile.
    public func hash(ofFile path: String, progress: ProgressHandler = { _ in }) throws -> String {
        let notePath = cache.root + "/memo/" + SHA256.hexadecimal(of: path.utf8).prefix(32) + ".json"
        guard let identity = FileIdentity(path: path) else {
            throw DataError(path, errno == ENOENT ? "there is no such file" : "cannot be read: \(lastSystemError())")
        }
        if let bytes = readSmallFile(notePath), let note = try? JSONDecoder().decode(Note.self, from: Data(bytes)),
            note.path == path, note.identity == identity
        {
            return note.sha256
        }
        let hash = try read(path, total: identity.size, progress: progress)
        guard FileIdentity(path: path) == identity else {
            throw DataError(path, "changed while it was being read; run again once it is complete")
        }
        // The note only saves time. A cache that cannot be written is reported where it matters.
        if !identity.mayHideChange,
            let note = try? JSONEncoder().encode(Note(path: path, identity: identity, sha256: hash))
        {
            try? cache.replaceSmallFile(notePath, with: Array(note))
        }
        return hash
    }

    /// The SHA-256, in hexadecimal, of everything that a path of a spec names: of a file's contents, or of the hashes
    /// of all files in a folder or matching a pattern.
    ///
    /// - Throws: ``DataError`` if there is no such file, or one cannot be read.
    public func hash(of path: SpecPath) throws -> String {
        let files = try SourceFiles.find(path.resolved)
        if files == [path.resolved] { return try hash(ofFile: path.resolved) }
        return Self.hash(of: try files.map { try hash(ofFile: $0) }.joined(separator: "\n"))
    }

    private func read(_ path: String, total: Int, progress: ProgressHandler) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DataError(path, "cannot be opened: \(lastSystemError())") }
        defer { close(descriptor) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var done = 0
        while true {
            let got = buffer.withUnsafeMutableBytes { Self.readBytes(descriptor, $0) }
            if got < 0 {
                if errno == EINTR { continue }
                throw DataError(path, byteOffset: done, "cannot be read: \(lastSystemError())")
            }
            if got == 0 { return hexadecimal(hash.finalize()) }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<got])) }
            done += got
            try progress(PreparationProgress(.hashing, done: done, total: total))
        }
    }

    private static func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        systemRead(descriptor, buffer.baseAddress, buffer.count)
    }
}
