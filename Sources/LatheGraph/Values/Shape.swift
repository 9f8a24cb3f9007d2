/// A dimension with a name, so that an error can say which one is wrong.
public struct Axis: Sendable, Hashable, CustomStringConvertible {
    /// What runs along it: `batch`, `time`, `width` …
    public var name: String
    /// How many there are; at least 1.
    public var size: Int

    /// An axis of `size` entries.
    public init(_ name: String, _ size: Int) {
        precondition(size >= 1, "axis \(name) has size \(size)")
        self.name = name
        self.size = size
    }

    /// `width 128`
    public var description: String { "\(name) \(size)" }
}

/// The static shape of a value: row-major, the last axis is contiguous.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
    /// The axes, outermost first.
    public var axes: [Axis]

    /// A shape of the given axes.
    public init(_ axes: Axis...) { self.axes = axes }
    /// A shape of the given axes.
    public init(_ axes: [Axis]) { self.axes = axes }

    /// The number of elements.
    public var count: Int { axes.reduce(1) { $0 * $1.size } }
    /// The number of axes.
    public var rank: Int { axes.count }
    /// The size of an axis; negative counts from the last.
    public subscript(index: Int) -> Int { axes[index < 0 ? axes.count + index : index].size }
    /// The sizes alone.
    public var sizes: [Int] { axes.map(\.size) }
    /// The elements before the last axis: rows of a matrix.
    public var rows: Int { count / self[-1] }
    /// The size of the last axis: columns of a matrix.
    public var width: Int { self[-1] }
    /// The same with another last axis.
    public func replacingLast(_ axis: Axis) -> Shape { Shape(axes.dropLast() + [axis]) }

    /// `[batch 12, time 64, width 128]`
    public var description: String { "[" + axes.map(\.description).joined(separator: ", ") + "]" }
}

/// Shapes that do not go together, found while a graph is built.
public struct ShapeMismatch: Error, Sendable, CustomStringConvertible {
    /// The op: `linear`.
    public var op: String
    /// Where in the model: `layers.3.attention`. Filled in by the builder.
    public var path: String
    /// What does not fit, with both shapes.
    public var message: String

    /// A mismatch found by an op, which does not know where it stands.
    public init(op: String, _ message: String) {
        self.op = op
        self.path = ""
        self.message = message
    }

    /// `layers.3.attention: linear: …`
    public var description: String { (path.isEmpty ? "" : path + ": ") + op + ": " + message }
}
