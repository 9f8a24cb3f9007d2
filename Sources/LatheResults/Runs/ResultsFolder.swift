import LatheSystem

/// A run in a results folder.
public struct StoredRun: Sendable {
    public let folder: RunFolder
    public let record: RunRecord
    /// The recorded status, except that a run that no process holds the lock of is `interrupted` if its record says
    /// that it is running, or that it has yet to start. A queued run that has started waits for a sweep.
    public let status: RunStatus

    /// - Throws: ``FileError``, ``RecordError``.
    public init(folder: RunFolder) throws {
        self.folder = folder
        var record = try folder.readRecord()
        var status = record.status
        if record.needsProcess, !RunLock.isHeld(folder: folder.path) {
            // It may have ended since the record was read.
            record = try folder.readRecord()
            status = record.needsProcess ? .interrupted : record.status
        }
        self.record = record
        self.status = status
    }

    /// The name of its folder, which stays right if the folder is renamed.
    public var id: String { folder.name }
}

/// A folder of runs: `results/<experiment>/<run>/`.
public struct ResultsFolder: Sendable {
    public let path: String

    /// The folder need not exist yet.
    public init(path: String) { self.path = Path.withoutTrailingSlashes(path) }

    /// Finds a run by its address: a path to its folder or `run.json`, its id, a unique prefix of its id or identity,
    /// or `last` for the newest one. `<experiment>/` before an id, prefix or `last` searches that experiment only.
    ///
    /// - Throws: ``RunAddressError``; ``FileError`` or ``RecordError`` if the run cannot be read.
    public func run(_ address: String) throws -> StoredRun {
        if address.contains("/") || address.hasPrefix("."), let run = try runAtPath(address) { return run }
        let contents = ResultsIndex(self).look()
        do { return try StoredRun(folder: try run(address, in: contents).folder) } catch let error as RunAddressError {
            if !address.isEmpty, let run = try runAtPath(address) { return run }
            throw error
        }
    }

    /// Finds a run among those given by its id, a unique prefix of its id or identity, or `last`, optionally after
    /// `<experiment>/`.
    public func run(_ address: String, in contents: ResultsIndex.Contents) throws(RunAddressError) -> RunDigest {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false)
        let narrowed = parts.count == 2 && !parts[0].isEmpty ? String(parts[0]) : nil
        let name = narrowed == nil ? address : String(parts[1])
        let runs = contents.runs.filter { run in narrowed.map { run.experimentFolder == $0 } ?? true }
        func unique(_ matches: [RunDigest]) throws(RunAddressError) -> RunDigest? {
            guard matches.count <= 1 else {
                throw RunAddressError(address: address, results: path, kind: .ambiguous(matches.map(\.path)))
            }
            return matches.first
        }
        if !name.isEmpty {
            if name == "last", let last = runs.last { return last }
            if let run = try unique(runs.filter { $0.id == name }) { return run }
            if let run = try unique(runs.filter { $0.id.hasPrefix(name) }) { return run }
            if let run = try unique(runs.filter { $0.identity.hasPrefix(name) }) { return run }
        }
        throw RunAddressError(
            address: address, results: path,
            kind: .unknown(newest: runs.suffix(5).reversed().map(\.id), unreadable: contents.problems.count))
    }

    private func runAtPath(_ address: String) throws -> StoredRun? {
        let folder =
            Path.name(of: address) == "run.json" ? RunFolder(path: Path.parent(of: address)) : RunFolder(path: address)
        return Path.kind(of: folder.record) == nil ? nil : try StoredRun(folder: folder)
    }

    /// All entries at the level of runs, whether they are runs or not. A missing results folder has none.
    func runFolders(into warnings: inout [String]) -> [RunFolder] {
        guard Path.kind(of: path) != nil else { return [] }
        var folders: [RunFolder] = []
        for experiment in names(in: path, &warnings) where !ExperimentSlug.reserved.contains(experiment) {
            let folder = Path.join(path, experiment)
            guard Path.kind(of: folder) == .folder else { continue }
            folders += names(in: folder, &warnings).map { RunFolder(path: Path.join(folder, $0)) }
        }
        return folders
    }

    /// Without hidden names.
    private func names(in path: String, _ warnings: inout [String]) -> [String] {
        do { return try DurableFolder.names(in: path).filter { !$0.hasPrefix(".") } } catch {
            warnings.append("\(error)")
            return []
        }
    }
}

/// An address that matches no run, or several.
public struct RunAddressError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// Nothing matches. `newest` are the ids of the newest runs, newest first; `unreadable` counts the runs that
        /// could not be read.
        case unknown(newest: [String], unreadable: Int)
        /// Several match; their folders.
        case ambiguous([String])
    }

    public var address: String
    public var results: String
    public var kind: Kind

    public var description: String {
        switch kind {
        case .ambiguous(let paths):
            let shown = paths.prefix(10).map { "\n  \($0)" }.joined()
            let more = paths.count > 10 ? "\n  and \(paths.count - 10) more" : ""
            return "'\(address)' matches \(paths.count) runs; give more of the id, or a path:\(shown)\(more)"
        case .unknown(let newest, let unreadable):
            let problem =
                "no run '\(address)' in \(results); name a run by its path, its id, a unique prefix of its id, "
                + "or 'last'"
            let unread = unreadable > 0 ? "\n(\(unreadable) could not be read: see 'lathe runs')" : ""
            if newest.isEmpty {
                return "\(problem)\n(there are no runs there; choose another folder with --results)\(unread)"
            }
            return "\(problem); the newest are:" + newest.map { "\n  \($0)" }.joined() + unread
        }
    }
}
