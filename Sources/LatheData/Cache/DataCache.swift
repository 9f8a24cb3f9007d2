public import LatheComponents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
        func value(_ name: String) -> String? {
            guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
            return value
        }
        if let path = value("LATHE_CACHE") { return DataCache(root: path) }
        // The XDG specification says to ignore a relative path.
        if let path = value("XDG_CACHE_HOME"), path.hasPrefix("/") { return DataCache(root: path + "/lathe") }
        if let home = value("HOME") { return DataCache(root: home + "/.cache/lathe") }
        throw DataError("cache", "no folder for it; set LATHE_CACHE or HOME")
    }

    private func cannotWrite(_ path: String) -> DataError {
        DataError(path, "the cache cannot be written: \(lastSystemError()); set LATHE_CACHE to a writable folder")
    }

    func folder(_ name: String) throws(DataError) -> String {
        let path = root + "/" + name
        guard makeFolder(path) else { throw cannotWrite(path) }
        return path
    }

    /// Replaces a file atomically.
    func replaceSmallFile(_ path: String, with bytes: [UInt8]) throws(DataError) {
        let temporary = try folder("tmp") + "/" + unique()
        do throws(DataError) {
            let writer = try FileWriter(temporary)
            try writer.append(bytes)
            _ = try writer.finish()
        } catch {
            unlink(temporary)
            throw error
        }
        guard let slash = path.lastIndex(of: "/"), makeFolder(String(path[..<slash])), rename(temporary, path) == 0
        else {
            let error = cannotWrite(path)
            unlink(temporary)
            throw error
        }
    }

    private func unique() -> String { "\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 16))" }

    /// Removes small files left by killed processes of this machine.
    private func removeLeftovers() {
        for name in names(in: root + "/tmp") {
            guard let process = name.split(separator: "-").first.flatMap({ pid_t($0) }) else { continue }
            if kill(process, 0) != 0, errno == ESRCH { removeFile(root + "/tmp/" + name) }
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
            guard FileIdentity(path: path) != nil else { return nil }
            do { return try open(try CacheEntry(path, cache: self, progress: progress)) } catch is DamagedEntry {
                return nil
            }
        }
        removeLeftovers()
        if let content = try find() { return (content, true) }
        let lock = try CacheLock(try folder("locks") + "/\(kind)-\(key)", cache: self, progress: progress)
        defer { lock.release() }
        if let content = try find() { return (content, true) }
        // Under the lock, so no other process makes this entry.
        let temporary = try folder("tmp") + "/\(kind)-\(key)"
        guard makeFolder(temporary) else { throw cannotWrite(temporary) }
        do {
            if FileIdentity(path: path) != nil { try progress(PreparationProgress(.rebuilding)) }
            let builder = EntryBuilder(temporary)
            try build(builder)
            try builder.finish()
            // Done before the entry becomes visible, so that a kill after the rename leaves nothing behind.
            for name in names(in: temporary) where name.hasSuffix(ShardRecord.suffix) { unlink(temporary + "/" + name) }
            guard syncFolder(temporary) else { throw cannotWrite(temporary) }
            let parent = try folder(kind)
            if FileIdentity(path: path) != nil {
                // Processes that have the damaged entry mapped keep it.
                let old = temporary + "-old"
                guard rename(path, old) == 0 else { throw cannotWrite(path) }
                removeFolder(old)
            }
            guard rename(temporary, path) == 0, syncFolder(parent) else { throw cannotWrite(path) }
        } catch {
            removeFolder(temporary)
            throw error
        }
        return (try open(try CacheEntry(path, cache: self, progress: progress)), false)
    }
}
