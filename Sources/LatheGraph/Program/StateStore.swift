/// The states of a program, each for all rows of the whole batch.
public final class StateStore: Sendable {
    /// One state.
    public struct Entry: Sendable {
        /// Its path in the model.
        public let name: String
        /// Its shape, the first axis being all rows.
        public let shape: Shape
        /// Its numbers.
        public let buffer: FloatBuffer
        /// Elements a row.
        public var rowCount: Int { shape.count / shape[0] }
    }

    /// All states, in the order of declaration.
    public let entries: [Entry]

    /// States of zero for `rows` sequences.
    public init(_ graph: Graph, rows: Int) throws(OutOfMemory) {
        var entries: [Entry] = []
        for state in graph.states {
            let shape = Shape([Axis(state.shape.axes[0].name, rows)] + state.shape.axes.dropFirst())
            entries.append(Entry(name: state.name, shape: shape, buffer: try FloatBuffer(count: shape.count)))
        }
        self.entries = entries
    }

    /// Sets the states of one sequence to zero.
    public func reset(row: Int) {
        for entry in entries { (entry.buffer.base + row * entry.rowCount).update(repeating: 0, count: entry.rowCount) }
    }

    /// Sets all states to zero.
    public func reset() {
        for entry in entries { entry.buffer.base.update(repeating: 0, count: entry.shape.count) }
    }
}
