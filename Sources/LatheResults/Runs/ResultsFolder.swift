/// A run as it is found in a results folder.
public struct StoredRun: Sendable {
    /// Its folder.
    public let folder: RunFolder
    /// Its record as written.
    public let record: RunRecord
    /// Where the run stands: what the record says, but `running` without a process that holds the lock is `interrupted`.
    public let status: RunStatus

    /// Reads the run in a folder.
    ///
    /// - Throws: ``FileError``, ``RecordError``.
    public init(folder: RunFolder) throws {
        self.folder = folder
        var record = try folder.readRecord()
        var status = record.status
        if status == .running, !RunLock.isHeld(folder: folder.path) {
            // It may have ended between the two looks.
            record = try folder.readRecord()
            status = record.status == .running ? .interrupted : record.status
        }
        self.record = record
        self.status = status
    }

    /// The run's id: the name of its folder, which stays right when somebody renames it.
    public var id: String { folder.name }
}

/// A folder of runs: `results/<experiment>/<run>/`.
public struct ResultsFolder: Sendable {
    /// The folder.
    public let path: String

    /// The results folder at this path, which need not exist yet.
    public init(path: String) { self.path = Path.withoutTrailingSlashes(path) }

    /// The run that an address names: a path to its folder (or to its `run.json`), its id, a unique prefix of its id or of its identity, or `last` for the one
    /// created last. `<experiment>/` before an id, prefix or `last` narrows the choice to that experiment.
    ///
    /// - Throws: ``RunAddressError``; ``FileError`` or ``RecordError`` for a path to a run that cannot be read.
    public func run(_ address: String) throws -> StoredRun {
        if address.contains("/") || address.hasPrefix("."), let run = try runAtPath(address) { return run }
        let contents = ResultsIndex(self).look()
        do { return try StoredRun(folder: try run(address, in: contents).folder) } catch let error as RunAddressError {
            if !address.isEmpty, let run = try runAtPath(address) { return run }
            throw error
        }
    }

    /// The run that an id, a unique prefix of an id or of an identity, or `last` names among those found, `<experiment>/` before it or not.
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

    /// Everything that lies where runs do; whether it is one, its record shows. A results folder that does not exist has none.
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

    /// The names in a folder that are not hidden.
    private func names(in path: String, _ warnings: inout [String]) -> [String] {
        do { return try DurableFolder.names(in: path).filter { !$0.hasPrefix(".") } } catch {
            warnings.append("\(error)")
            return []
        }
    }
}

/// An address that names no run, or several.
public struct RunAddressError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Kind: Sendable, Equatable {
        /// Nothing matches; the newest runs' ids, newest first, and how many runs could not be read.
        case unknown(newest: [String], unreadable: Int)
        /// Several match: their folders.
        case ambiguous([String])
    }

    /// The address as it was given.
    public var address: String
    /// The results folder that was searched.
    public var results: String
    /// What is wrong with it.
    public var kind: Kind

    /// Says what was looked for and what there is.
    public var description: String {
        switch kind {
        case .ambiguous(let paths):
            let shown = paths.prefix(10).map { "\n  \($0)" }.joined()
            let more = paths.count > 10 ? "\n  and \(paths.count - 10) more" : ""
            return "'\(address)' names \(paths.count) runs; give more of the id, or the path:\(shown)\(more)"
        case .unknown(let newest, let unreadable):
            let problem =
                "no run '\(address)' in \(results); a run is named by its path, its id, a unique prefix of it, or 'last'"
            let unread = unreadable > 0 ? "\n(\(unreadable) could not be read: see 'lathe runs')" : ""
            if newest.isEmpty {
                return "\(problem)\n(there are no runs there; --results names another folder)\(unread)"
            }
            return "\(problem); the newest are:" + newest.map { "\n  \($0)" }.joined() + unread
        }
    }
}
