public import LatheResults
import LatheSystem

/// A checkpoint that cannot be read, with a remedy.
public struct DamagedCheckpoint: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, and what is wrong with it.
    public var problem: String
    /// What to do without a copy.
    public var remedy: String

    public var description: String { "\(problem); restore it from a copy, or \(remedy)" }
}

extension RunFolder {
    /// Reads from the newest checkpoint of this run in order to resume from it.
    ///
    /// - Throws: ``DamagedCheckpoint`` if a file is missing or does not fit the run.
    func readToGoOn<Result>(from checkpoint: Checkpoint, _ body: () throws -> Result) throws -> Result {
        try read(body) {
            if let earlier = try checkpointSteps().last(where: { self.checkpoint(step: $0) != checkpoint.path }) {
                "remove the folder \(checkpoint.path): 'lathe resume \(path)' then resumes from step \(earlier)"
            } else if let parent = try readRecord().parent {
                "create the fork again: 'lathe fork \(parent.run)@\(parent.step)'"
            } else {
                "remove the folder \(checkpoint.path): 'lathe resume \(path)' then starts the run over, "
                    + "as there is no earlier checkpoint"
            }
        }
    }

    /// Reads from one of this run's checkpoints where another would do as well.
    ///
    /// - Throws: ``DamagedCheckpoint`` if a file is missing or damaged.
    public func read<Result>(step: Int, _ body: (Checkpoint) throws -> Result) throws -> Result {
        try read({ try body(Checkpoint(self, step: step)) }) {
            if let other = try checkpointSteps().last(where: { $0 != step && Checkpoint(self, step: $0).isWhole }) {
                "use another checkpoint: \(path)@\(other)"
            } else {
                "train again: the run has no other intact checkpoint"
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
