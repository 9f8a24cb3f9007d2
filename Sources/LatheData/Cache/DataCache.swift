public import LatheComponents
import LatheSystem

/// A folder of prepared data, keyed by its inputs. Entries are complete or absent and never change; any may be deleted
/// at any time.
///
/// ```text
/// text/<key>/      a cleaned text       memo/    hashes of source files      locks/  who is preparing what
/// tokens/<key>/    its token files      tmp/     entries being made
/// ```
public struct DataCache: Sendable, Hashable {
    public let root: String

    /// The folder is created on first use.
    public init(root: String) { self.root = root }

    /// `$LATHE_CACHE`, or else `$XDG_CACHE_HOME/lathe`, or else `~/.cache/lathe`.
    ///
    /// - Throws: ``DataError`` if none of the three variables is set.
    public static func standard() throws(DataError) -> DataCache {
        func value(_ name: String) -> String? { Environment.value(name).flatMap { $0.isEmpty ? nil : $0 } }
        if let path = value("LATHE_CACHE") { return DataCache(root: path) }
        // The XDG specification says to ignore a relative path.
        if let path = value("XDG_CACHE_HOME"), path.hasPrefix("/") { return DataCache(root: path + "/lathe") }
        if let home = value("HOME") { return DataCache(root: home + "/.cache/lathe") }
        throw DataError("cache", "no folder for it; set LATHE_CACHE or HOME")
    }

    /// Runs an operation on files of the cache; a failure says what to do.
    private func writing(_ path: String, _ body: () throws(FileError) -> Void) throws(DataError) {
        do throws(FileError) { try body() } catch {
            throw DataError(
                path, "the cache cannot be written: \(error.reason); set LATHE_CACHE to a writable folder")
        }
    }

    func folder(_ name: String) throws(DataError) -> String {
        let path = root + "/" + name
        try writing(path) { () throws(FileError) in try DurableFolder.create(path) }
        return path
    }

    /// Replaces a file atomically.
    func replaceSmallFile(_ path: String, with bytes: [UInt8]) throws(DataError) {
        let unique = "\(CurrentProcess.id)-\(String(UInt64.random(in: .min ... .max), radix: 16))"
        let temporary = try folder("tmp") + "/" + unique
        do throws(DataError) {
            let writer = try FileWriter(temporary)
            try writer.append(bytes)
            _ = try writer.finish()
            try writing(path) { () throws(FileError) in
                try DurableFolder.create(Path.parent(of: path))
                try DurableFile.move(temporary, to: path)
            }
        } catch {
            DurableFile.discard(temporary)
            throw error
        }
    }

    /// Removes small files left by killed processes of this machine.
    private func removeLeftovers() {
        for name in (try? DurableFolder.names(in: root + "/tmp")) ?? [] {
            guard let process = name.split(separator: "-").first.flatMap({ Int32($0) }) else { continue }
            if !CurrentProcess.exists(process) { DurableFile.discard(root + "/tmp/" + name) }
        }
    }

    /// Returns the entry with a key. If it is missing or damaged, `build` makes it in a temporary folder; only one
    /// process makes an entry at a time. What a killed process left in that folder is kept for the next one.
    ///
    /// - Parameter open: reads an entry; throws ``DamagedEntry`` if it cannot be used.
    /// - Returns: the result of `open`, and whether the entry was already there.
    func entry<Content>(
        _ kind: String, key: String, progress: ProgressHandler, open: (CacheEntry) throws -> Content,
        build: (EntryBuilder) throws -> Void
    ) throws -> (content: Content, isReused: Bool) {
        let path = root + "/\(kind)/\(key)"
        func find() throws -> Content? {
            guard FileStamp(path: path) != nil else { return nil }
            do { return try open(try CacheEntry(path, cache: self, progress: progress)) } catch is DamagedEntry {
                return nil
            }
        }
        removeLeftovers()
        if let content = try find() { return (content, true) }
        let lock = try lock(try folder("locks") + "/\(kind)-\(key)", progress: progress)
        defer { withExtendedLifetime(lock) {} }
        if let content = try find() { return (content, true) }
        // Under the lock, so no other process makes this entry.
        let temporary = try folder("tmp/\(kind)-\(key)")
        do {
            if FileStamp(path: path) != nil { try progress(PreparationProgress(.rebuilding)) }
            let builder = EntryBuilder(temporary)
            try build(builder)
            try builder.finish()
            let parent = try folder(kind)
            try writing(path) { () throws(FileError) in
                // Done before the entry becomes visible, so that a kill after the rename leaves nothing behind.
                for name in try DurableFolder.names(in: temporary) where name.hasSuffix(ShardRecord.suffix) {
                    DurableFile.discard(temporary + "/" + name)
                }
                try DurableFolder.sync(temporary)
                // Processes that have a damaged entry mapped keep it.
                try DurableFolder.retire(path)
                try DurableFile.move(temporary, to: path)
                try DurableFolder.sync(parent)
            }
        } catch {
            try? DurableFolder.remove(temporary)
            throw error
        }
        return (try open(try CacheEntry(path, cache: self, progress: progress)), false)
    }
}
