public import LatheResults

/// A checkpoint that cannot be read, and what can be done.
public struct DamagedCheckpoint: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, and what is wrong with it.
    public var problem: String
    /// What to do where there is no copy.
    public var remedy: String

    /// What is wrong and what to do.
    public var description: String { "\(problem); bring it back from a copy, or \(remedy)" }
}

extension RunFolder {
    /// Reads from the newest checkpoint of this run, which is to go on from it.
    ///
    /// - Throws: ``DamagedCheckpoint`` where a file of it is missing or is not what the run needs.
    func readToGoOn<Result>(from checkpoint: Checkpoint, _ body: () throws -> Result) throws -> Result {
        try read(body) {
            if let earlier = try checkpointSteps().last(where: { self.checkpoint(step: $0) != checkpoint.path }) {
                "remove the folder \(checkpoint.path): 'lathe resume \(path)' then goes on from step \(earlier)"
            } else if let parent = try readRecord().parent {
                "make the fork again: 'lathe fork \(parent.run)@\(parent.step)'"
            } else {
                "remove the folder \(checkpoint.path): 'lathe resume \(path)' then begins the run anew, as no checkpoint is before it"
            }
        }
    }

    /// Reads from a checkpoint of this run, where another would do as well.
    ///
    /// - Throws: ``DamagedCheckpoint`` where a file of it is missing or is not what it should be.
    public func read<Result>(step: Int, _ body: (Checkpoint) throws -> Result) throws -> Result {
        try read({ try body(Checkpoint(self, step: step)) }) {
            if let other = try checkpointSteps().last(where: { $0 != step && Checkpoint(self, step: $0).isWhole }) {
                "name another checkpoint: \(path)@\(other)"
            } else {
                "train again: the run has no other checkpoint that is whole"
            }
        }
    }

    private func read<Result>(_ body: () throws -> Result, remedy: () throws -> String) throws -> Result {
        do { return try body() } catch {
            guard error is RecordError || (error as? FileError)?.isMissing == true else { throw error }
            throw DamagedCheckpoint(problem: "\(error)", remedy: try remedy())
        }
    }
}
