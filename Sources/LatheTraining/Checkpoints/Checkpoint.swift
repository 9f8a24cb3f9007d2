import LatheComponents
import LatheGraph
public import LatheResults
import LatheSystem

/// A checkpoint folder: `model.safetensors`, `optimizer.safetensors`, `trainer.json` and the validation nats so far.
public struct Checkpoint: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    public init(_ folder: RunFolder, step: Int) { path = folder.checkpoint(step: step) }

    private var model: String { path + "/model.safetensors" }
    private var optimizer: String { path + "/optimizer.safetensors" }
    private var trainer: String { path + "/trainer.json" }
    private var nats: String { path + "/validation_nats.bin" }

    /// The run's state at the checkpoint.
    ///
    /// - Throws: `RecordError` if its step is not the one the folder is named after.
    public func state() throws -> TrainerState {
        let state = try TrainerState.read(trainer)
        let name = RunFolder(path: path).name
        guard name == "step-\(state.step)" else {
            throw RecordError(path: trainer, problem: "says step \(state.step), but its folder is \(name)")
        }
        return state
    }

    /// The nats of the best and the last validation.
    func validationNats() throws -> ValidationNats? {
        do { return try ValidationNats.read(from: nats) } catch let error as FileError where error.isMissing {
            return nil
        }
    }

    /// Reads everything a run resumes from.
    ///
    /// - Parameter text: the run's validation text, without evaluations.
    func read(
        into parameters: ParameterStore, _ optimizerState: OptimizerState, _ states: StateStore,
        validating text: ValidationNats
    ) throws -> (state: TrainerState, nats: ValidationNats) {
        let state = try state()
        try readModel(into: parameters)
        try readOptimizer(into: optimizerState)
        try readStates(into: states)
        let kept = try validationNats() ?? text
        guard kept.segmentLength == text.segmentLength, kept.segmentBytes == text.segmentBytes else {
            throw RecordError(path: nats, problem: "belongs to a different validation text than the run's")
        }
        return (state, kept)
    }

    /// Writes the files of a checkpoint into its folder, which must stay hidden until it is complete and synced.
    ///
    /// - Parameter taken: called once all tensors are written and may change again.
    func write(
        parameters: ParameterStore, optimizer optimizerState: OptimizerState, states: StateStore,
        trainer state: TrainerState, nats validationNats: ValidationNats?, taken: () -> Void = {}
    ) throws {
        try Safetensors.write(tensors(parameters).map(\.toWrite), to: model)
        try Safetensors.write((tensors(optimizerState) + tensors(states)).map(\.toWrite), to: optimizer)
        taken()
        try state.write(trainer)
        try validationNats?.write(to: nats)
    }

    /// Checks that the weights file is intact; it may belong to any model.
    ///
    /// - Throws: `RecordError`, `FileError`.
    public func checkModel() throws { try Safetensors.read(model) { _ in } }

    /// Checks that the file of optimizer state and carried states is intact; it may belong to any model.
    ///
    /// - Throws: `RecordError`, `FileError`.
    func checkOptimizer() throws { try Safetensors.read(optimizer) { _ in } }

    var isWhole: Bool {
        do {
            try checkModel()
            try checkOptimizer()
            _ = try state()
            return true
        } catch { return false }
    }

    /// - Throws: ``RecordError`` naming the tensor that is missing or has another shape.
    func readModel(into parameters: ParameterStore) throws { try read(model, into: tensors(parameters)) }

    /// Reads the tensors that the file and the model share.
    ///
    /// - Returns: the names of those that only the model has, and that only the file has.
    /// - Throws: ``RecordError`` naming a tensor that has another shape.
    func readSharedModel(into parameters: ParameterStore) throws -> (missing: [String], extra: [String]) {
        let wanted = tensors(parameters)
        let there = try Safetensors.read(model) { Set($0.keys) }
        try read(model, into: wanted.filter { there.contains($0.name) })
        let names = wanted.map(\.name)
        return (names.filter { !there.contains($0) }, there.subtracting(names).sorted())
    }

    func readOptimizer(into optimizerState: OptimizerState) throws {
        try read(optimizer, into: tensors(optimizerState))
    }

    func readStates(into states: StateStore) throws { try read(optimizer, into: tensors(states)) }

    /// A tensor of the model, which is written to a checkpoint and read from one.
    private struct Tensor {
        let name: String, shape: [Int]
        let values: UnsafeMutableBufferPointer<Float>
        var toWrite: Safetensors.Tensor {
            Safetensors.Tensor(name, shape: shape, values: UnsafeBufferPointer(values))
        }
    }

    private func tensors(_ parameters: ParameterStore) -> [Tensor] {
        parameters.layout.segments.map {
            Tensor(
                name: $0.name, shape: $0.shape.sizes,
                values: UnsafeMutableBufferPointer(start: parameters.weights.base + $0.offset, count: $0.count))
        }
    }

    private func tensors(_ optimizerState: OptimizerState) -> [Tensor] {
        optimizerState.entries.map { Tensor(name: $0.name, shape: $0.shape, values: $0.values) }
    }

    private func tensors(_ states: StateStore) -> [Tensor] {
        states.entries.map {
            Tensor(
                name: "state.\($0.name)", shape: $0.shape.sizes,
                values: UnsafeMutableBufferPointer(start: $0.buffer.base, count: $0.shape.count))
        }
    }

    private func read(_ path: String, into targets: [Tensor]) throws {
        try Safetensors.read(path) { tensors in
            // All or nothing: an optimizer that shares some tensor names with another must not start with half its
            // state.
            let sources = try targets.map { target in
                guard let tensor = tensors[target.name] else {
                    throw RecordError(
                        path: path,
                        problem: "there is no tensor '\(target.name)': the model or the optimizer is a different one")
                }
                guard tensor.shape == target.shape else {
                    throw RecordError(
                        path: path,
                        problem: "tensor '\(target.name)' has shape \(tensor.shape), expected \(target.shape)")
                }
                return tensor
            }
            for (target, source) in zip(targets, sources) {
                _ = target.values.update(fromContentsOf: source.values)
            }
        }
    }
}
