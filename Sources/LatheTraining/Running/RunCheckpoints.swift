import LatheGraph
import LatheResults
import LatheSystem

/// The checkpoints of a run: the model starts from one, and others are written while it trains on, up to the next
/// update: see ``CheckpointWriter``.
final class RunCheckpoints {
    private let folder: RunFolder
    private let keep: Int
    private let model: ModelInTraining
    /// The carried states at the time the checkpoint was due; a forward pass changes them.
    private let states: StateStore
    private let writer = CheckpointWriter()

    /// - Parameter keep: how many remain, besides those that `best` and `last` point to.
    init(_ folder: RunFolder, of model: ModelInTraining, keep: Int) throws {
        self.folder = folder
        self.model = model
        self.keep = keep
        states = try StateStore(model.program.program.graph, rows: model.step.rows)
    }

    /// The step of the last checkpoint, if any.
    var lastStep: Int? { folder.step(of: .last) }

    /// Puts the model into the state of a checkpoint.
    ///
    /// - Parameter text: the run's validation text, without evaluations.
    /// - Throws: ``DamagedCheckpoint``.
    func restore(
        _ checkpoint: Checkpoint, validating text: ValidationNats
    ) throws -> (state: TrainerState, nats: ValidationNats) {
        try folder.readToGoOn(from: checkpoint) {
            try checkpoint.read(into: model.parameters, model.optimizerState, model.step.states, validating: text)
        }
    }

    /// Starts publishing a checkpoint, then updating the links and pruning old checkpoints.
    ///
    /// - Parameter appended: files that must be as durable as a checkpoint that refers to them.
    func publish(_ state: TrainerState, _ nats: ValidationNats, appended: [LineWriter]) throws {
        try writer.finish()
        states.copy(model.step.states)
        let (parameters, optimizerState, states) = (model.parameters, model.optimizerState, states)
        let (folder, keep) = (folder, keep)
        try writer.start { taken in
            try folder.publishCheckpoint(step: state.step) { hidden in
                try Checkpoint(path: hidden).write(
                    parameters: parameters, optimizer: optimizerState, states: states, trainer: state, nats: nats,
                    taken: taken)
                for file in appended { try file.sync() }
            }
            try nats.write(to: folder.validationNats)
            try folder.point(.last, toStep: state.step)
            if state.bestStep == state.step { try folder.point(.best, toStep: state.step) }
            try folder.pruneCheckpoints(keep: keep)
        }
    }

    /// Removes what a kill between writing a checkpoint and removing older ones has left.
    func prune() throws { try folder.pruneCheckpoints(keep: keep) }

    /// Waits until weights and moments may change.
    func waitUntilTaken() { writer.waitUntilTaken() }

    /// Throws the error of a write that has failed so far.
    func check() throws { try writer.check() }

    /// Waits until everything is written.
    func finish() throws { try writer.finish() }
}

extension StateStore {
    fileprivate func copy(_ other: StateStore) {
        for (entry, source) in zip(entries, other.entries) {
            entry.buffer.base.update(from: source.buffer.base, count: entry.shape.count)
        }
    }
}
