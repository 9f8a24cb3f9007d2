/// What lists and comparisons know of every run in a results folder, kept in its file `.index` so that a second look reads only what has changed since.
///
/// The file is disposable: never needed, made again where it is missing, damaged or of another version, and left out where it cannot be written. An entry
/// counts only while the files that it was read from are the same by number, size and times; runs at work are read anew each time. Processes replace the
/// file in one step and never wait for one another; the last one's file stays, and whatever it lacks is read again.
public struct ResultsIndex {
    /// A run in the index.
    struct Entry: Equatable {
        var stamps: [FileStamp]
        var run: RunDigest
    }

    private let results: ResultsFolder

    /// The index of a results folder.
    public init(_ results: ResultsFolder) { self.results = results }

    /// The file.
    public var path: String { Path.join(results.path, ".index") }

    /// What a look found.
    public struct Contents: Sendable {
        /// The runs, oldest first. One whose figures cannot be read has none.
        public var runs: [RunDigest] = []
        /// What could not be read.
        public var problems: [Problem] = []
        /// How many runs were read from their own files.
        public var readCount = 0

        /// Runs and problems as given.
        public init(runs: [RunDigest] = [], problems: [Problem] = []) {
            self.runs = runs
            self.problems = problems
        }
    }

    /// Something that could not be read.
    public struct Problem: Sendable, Equatable {
        /// The run's folder, or the one that runs were looked for in.
        public var folder: String
        /// What is wrong, with the file's name.
        public var message: String
    }

    /// Every run that is there now, by the index where that holds.
    public func look() -> Contents {
        var contents = Contents()
        let now = FileStamp.now()
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
                    let isSettled = stored.record.status != .running && !stamps.contains { $0.mayHideChange(at: now) }
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

    /// The files that a digest is made from: the record, the summary, and what stands in for a summary that is not there.
    private static func stamps(_ folder: RunFolder) -> [FileStamp] {
        let summary = FileStamp(path: folder.summary)
        let rest = summary == FileStamp() ? [folder.metrics, folder.timing].map { FileStamp(path: $0) } : []
        return [FileStamp(path: folder.record), summary] + rest
    }

    /// Replaces the file; without a sync, for it is checked when it is read, and without a word where that fails.
    private func write(_ entries: [String: Entry]) {
        let bytes = IndexFile.encode(entries, results: results.path)
        let temporary = Path.hiddenSibling(of: path)
        guard (try? DurableFile.writeUnsynced(bytes, to: temporary)) != nil else { return }
        if !DurableFile.move(temporary, to: path) { try? DurableFolder.remove(temporary) }
    }
}
