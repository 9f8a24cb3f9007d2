public import LatheComponents
public import LatheGraph

/// The memory that a run will use, known before it starts; in bytes.
public struct MemoryNeeds: Sendable, Equatable {
    /// The model's numbers.
    public var weights = 0
    /// Their gradients.
    public var gradients = 0
    /// What the optimizer keeps.
    public var optimizer = 0
    /// Activations, their gradients and scratch: the largest of the programs that share the arena.
    public var activations = 0
    /// Recurrent states, key and value caches, batches.
    public var states = 0
    /// All of it.
    public var total: Int { weights + gradients + optimizer + activations + states }

    /// What training with these programs and this optimizer uses.
    public init(programs: [Program], layout: ParameterLayout, optimizer: any Optimizer, rows: Int, batch: BatchShape) {
        let float = MemoryLayout<Float>.stride
        weights = layout.flatCount * float
        gradients = layout.flatCount * float
        self.optimizer = layout.segments.reduce(0) { $0 + optimizer.slots(for: $1).reduce(0) { $0 + $1.count } } * float
        activations = (programs.map(\.arenaCount).max() ?? 0) * float
        states =
            programs.reduce(0) { sum, program in
                let rows =
                    switch program.graph.mode {
                    // The copy that a checkpoint is written from counts too.
                    case .training: 2 * rows
                    case .evaluation: rows
                    case .generation: 1
                    }
                return sum + program.graph.states.reduce(0) { $0 + $1.shape.count / $1.shape[0] * rows }
            } * float
        states += 4 * batch.tokens * MemoryLayout<Int32>.stride
    }
}
