public import LatheResults

/// A checkpoint that its run cannot go on from.
public struct DamagedCheckpoint: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, and what is wrong with it.
    public var problem: String
    /// The run's folder.
    public var run: String
    /// The checkpoint's folder.
    public var path: String
    /// The step of the checkpoint before it, where there is one.
    public var earlier: Int?
    /// What the run was forked from, where it is a fork.
    public var parent: RunRecord.Parent?

    /// What is wrong and what to do.
    public var description: String {
        let remedy =
            if let earlier {
                "remove the folder \(path): 'lathe resume \(run)' then goes on from step \(earlier)"
            } else if let parent {
                "make the fork again: 'lathe fork \(parent.run)@\(parent.step)'"
            } else {
                "remove the folder \(path): 'lathe resume \(run)' then begins the run anew, as no checkpoint is before it"
            }
        return "\(problem); bring it back from a copy, or \(remedy)"
    }
}

extension RunFolder {
    /// Reads from the newest checkpoint of this run, which is to go on from it.
    ///
    /// - Throws: ``DamagedCheckpoint`` where a file of it is missing or is not what the run needs.
    func read<Result>(_ checkpoint: Checkpoint, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch {
            guard error is RecordError || (error as? FileError)?.isMissing == true else { throw error }
            throw DamagedCheckpoint(
                problem: "\(error)", run: path, path: checkpoint.path,
                earlier: try checkpointSteps().last { self.checkpoint(step: $0) != checkpoint.path },
                parent: try readRecord().parent)
        }
    }
}
