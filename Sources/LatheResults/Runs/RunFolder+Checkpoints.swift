public import LatheSystem

/// Checkpoints are folders `checkpoints/step-<n>/`, each complete or absent, with links `best` and `last`.
extension RunFolder {
    public enum CheckpointLink: String, Sendable, CaseIterable {
        /// The checkpoint with the best validation.
        case best
        case last
    }

    public func checkpoint(step: Int) -> String { Path.join(checkpoints, Self.checkpointName(step)) }

    /// Ascending. Incomplete checkpoints are hidden and not listed.
    public func checkpointSteps() throws(FileError) -> [Int] {
        guard Path.kind(of: checkpoints) == .folder else { return [] }
        var steps: [Int] = []
        for name in try DurableFolder.names(in: checkpoints) {
            if let step = Self.step(ofCheckpoint: name), Path.kind(of: Path.join(checkpoints, name)) == .folder {
                steps.append(step)
            }
        }
        return steps.sorted()
    }

    /// Writes a checkpoint completely or not at all: `fill` writes its files into the hidden folder it is given; they
    /// are synced and the folder is renamed into place. Does not change the links: see ``point(_:toStep:)``.
    ///
    /// - Throws: what `fill` throws, or ``FileError``.
    public func publishCheckpoint(step: Int, fill: (_ hidden: String) throws -> Void) throws {
        try DurableFolder.publish(at: checkpoint(step: step), fill: fill)
    }

    /// Atomically makes `checkpoints/best` or `checkpoints/last` point to a step's checkpoint.
    public func point(_ link: CheckpointLink, toStep step: Int) throws(FileError) {
        try RelativeLink.point(Path.join(checkpoints, link.rawValue), to: Self.checkpointName(step))
    }

    /// Nil if there is no such link or checkpoint.
    public func step(of link: CheckpointLink) -> Int? {
        guard let target = RelativeLink.target(of: Path.join(checkpoints, link.rawValue)),
            let step = Self.step(ofCheckpoint: target), Path.kind(of: checkpoint(step: step)) == .folder
        else { return nil }
        return step
    }

    /// Removes the oldest checkpoints until `keep` are left, but never those that `best` and `last` point to.
    public func pruneCheckpoints(keep: Int) throws(FileError) {
        let linked = Set(CheckpointLink.allCases.compactMap { step(of: $0) })
        let removable = try checkpointSteps().filter { !linked.contains($0) }
        let surplus = try checkpointSteps().count - max(keep, linked.count)
        for step in removable.prefix(max(0, surplus)) { try removeCheckpoint(step: step) }
    }

    /// A crash during removal leaves only a hidden folder.
    public func removeCheckpoint(step: Int) throws(FileError) {
        try DurableFolder.retire(checkpoint(step: step))
    }

    /// Removes what a crash left behind. Only while holding the run's lock.
    public func removeLeftovers() throws(FileError) {
        for folder in [path, checkpoints, samples, plots, tokenizer] where Path.kind(of: folder) == .folder {
            try DurableFolder.removeLeftovers(in: folder)
        }
    }

    private static func checkpointName(_ step: Int) -> String { "step-\(step)" }

    private static func step(ofCheckpoint name: String) -> Int? {
        guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5)), checkpointName(step) == name else {
            return nil
        }
        return step
    }
}
