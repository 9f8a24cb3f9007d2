import LatheSystem

/// The digests of all runs in a results folder, cached in its file `.index` so that only changed runs are read again.
///
/// The file is disposable: it is rebuilt if missing, damaged or of another version, and skipped if it cannot be
/// written. An entry is valid only while inode, size and times of the files it was read from are unchanged; unfinished
/// runs are always read again. Processes replace the file atomically without locking; the last writer wins, and runs
/// missing from its file are read again.
public struct ResultsIndex {
    struct Entry: Equatable {
        var stamps: [FileStamp]
        var run: RunDigest
    }

    private let results: ResultsFolder

    public init(_ results: ResultsFolder) { self.results = results }

    public var path: String { Path.join(results.path, ".index") }

    public struct Contents: Sendable {
        /// Oldest first. A run whose results cannot be read is listed without them.
        public var runs: [RunDigest] = []
        public var problems: [Problem] = []
        public var readCount = 0

        public init(runs: [RunDigest] = [], problems: [Problem] = []) {
            self.runs = runs
            self.problems = problems
        }
    }

    public struct Problem: Sendable, Equatable {
        /// The run's folder, or the folder that was searched.
        public var folder: String
        public var message: String
    }

    /// Reads all runs, from the index where it is valid.
    public func look() -> Contents {
        var contents = Contents()
        let now = WallClock.nanoseconds
        let kept = ((try? DurableFile.read(path)).flatMap { try? IndexFile.decode($0, results: results.path) }) ?? [:]
        var entries: [String: Entry] = [:]
        var isChanged = false
        var warnings: [String] = []
        let folders = results.runFolders(into: &warnings)
        contents.problems = warnings.map { Problem(folder: results.path, message: $0) }
        for folder in folders {
            let stamps = Self.stamps(folder)
            guard stamps[0] != FileStamp() else { continue }
            if let entry = kept[folder.path], entry.stamps == stamps {
                entries[folder.path] = entry
                contents.runs.append(entry.run)
                continue
            }
            contents.readCount += 1
            do {
                let stored = try StoredRun(folder: folder)
                do {
                    let run = try RunDigest(stored)
                    contents.runs.append(run)
                    let isSettled = !stored.record.needsProcess && !stamps.contains { $0.mayHideChange(at: now) }
                    if isSettled {
                        entries[folder.path] = Entry(stamps: stamps, run: run)
                        isChanged = true
                    }
                } catch {
                    contents.problems.append(Problem(folder: folder.path, message: "\(error)"))
                    contents.runs.append(
                        RunDigest(
                            record: stored.record, status: stored.status, path: folder.path,
                            figures: RunFigures(metrics: [], timing: [])))
                }
            } catch { contents.problems.append(Problem(folder: folder.path, message: "\(error)")) }
        }
        if isChanged || entries.count != kept.count { write(entries) }
        contents.runs.sort { ($0.created, $0.id, $0.path) < ($1.created, $1.id, $1.path) }
        return contents
    }

    /// The stamps of the files that a digest is made from: the record, the summary, and without a summary metrics and
    /// timing.
    private static func stamps(_ folder: RunFolder) -> [FileStamp] {
        func stamp(_ path: String) -> FileStamp { FileStamp(path: path) ?? FileStamp() }
        let summary = stamp(folder.summary)
        let rest = summary == FileStamp() ? [folder.metrics, folder.timing].map(stamp) : []
        return [stamp(folder.record), summary] + rest
    }

    /// Replaces the file, without a sync because it is checked when read; failures are ignored.
    private func write(_ entries: [String: Entry]) {
        let bytes = IndexFile.encode(entries, results: results.path)
        let temporary = Path.hiddenSibling(of: path)
        do throws(FileError) {
            try DurableFile.writeUnsynced(bytes, to: temporary)
            try DurableFile.move(temporary, to: path)
        } catch { DurableFile.discard(temporary) }
    }
}
