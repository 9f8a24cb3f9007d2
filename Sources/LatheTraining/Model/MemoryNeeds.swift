public import LatheComponents
public import LatheGraph

/// The memory that a run will use, in bytes, known before it starts.
public struct MemoryNeeds: Sendable, Equatable {
    public var weights = 0
    public var gradients = 0
    /// Optimizer state.
    public var optimizer = 0
    /// Activations, their gradients and scratch: the largest of the programs that share the arena.
    public var activations = 0
    /// Recurrent states, key and value caches, batches.
    public var states = 0
    public var total: Int { weights + gradients + optimizer + activations + states }

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
                    // Includes the copy that checkpoints are written from.
                    case .training: 2 * rows
                    case .evaluation: rows
                    case .generation: 1
                    }
                return sum + program.graph.states.reduce(0) { $0 + $1.shape.count / $1.shape[0] * rows }
            } * float
        states += 4 * batch.tokens * MemoryLayout<Int32>.stride
    }
}
