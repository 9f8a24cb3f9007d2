/// The states of a program, for all rows of the whole batch.
public final class StateStore: Sendable {
    public struct Entry: Sendable {
        public let name: String
        /// The first axis is all rows of the batch.
        public let shape: Shape
        public let buffer: FloatBuffer
        /// Elements per row.
        public var rowCount: Int { shape.count / shape[0] }
    }

    /// In the order of declaration.
    public let entries: [Entry]

    public init(_ graph: Graph, rows: Int) throws(OutOfMemory) {
        var entries: [Entry] = []
        for state in graph.states {
            let shape = Shape([Axis(state.shape.axes[0].name, rows)] + state.shape.axes.dropFirst())
            entries.append(Entry(name: state.name, shape: shape, buffer: try FloatBuffer(count: shape.count)))
        }
        self.entries = entries
    }

    /// Zeroes the states of one sequence.
    public func reset(row: Int) {
        for entry in entries { (entry.buffer.base + row * entry.rowCount).update(repeating: 0, count: entry.rowCount) }
    }

    public func reset() {
        for entry in entries { entry.buffer.base.update(repeating: 0, count: entry.shape.count) }
    }
}
