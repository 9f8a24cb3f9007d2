/// A named dimension, so that errors can say which one is wrong.
public struct Axis: Sendable, Hashable, CustomStringConvertible {
    /// Such as `batch`, `time`, `width`.
    public var name: String
    /// At least 1.
    public var size: Int

    public init(_ name: String, _ size: Int) {
        precondition(size >= 1, "axis \(name) has size \(size)")
        self.name = name
        self.size = size
    }

    /// `width 128`
    public var description: String { "\(name) \(size)" }
}

/// The static shape of a value: row-major, the last axis contiguous.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
    /// Outermost first.
    public var axes: [Axis]

    public init(_ axes: Axis...) { self.axes = axes }
    public init(_ axes: [Axis]) { self.axes = axes }

    public var count: Int { axes.reduce(1) { $0 * $1.size } }
    public var rank: Int { axes.count }
    /// The size of an axis; negative indices count from the end.
    public subscript(index: Int) -> Int { axes[index < 0 ? axes.count + index : index].size }
    public var sizes: [Int] { axes.map(\.size) }
    /// Product of all axes but the last: the rows of a matrix.
    public var rows: Int { count / self[-1] }
    /// Size of the last axis: the columns of a matrix.
    public var width: Int { self[-1] }
    public func replacingLast(_ axis: Axis) -> Shape { Shape(axes.dropLast() + [axis]) }

    /// `[batch 12, time 64, width 128]`
    public var description: String { "[" + axes.map(\.description).joined(separator: ", ") + "]" }
}

/// Incompatible shapes, found while a graph is built.
public struct ShapeMismatch: Error, Sendable, CustomStringConvertible {
    public var op: String
    /// Where in the model: `layers.3.attention`. Filled in by ``Graph``.
    public var path: String
    /// What does not fit, with both shapes.
    public var message: String

    public init(op: String, _ message: String) {
        self.op = op
        self.path = ""
        self.message = message
    }

    /// `layers.3.attention: linear: …`
    public var description: String { (path.isEmpty ? "" : path + ": ") + op + ": " + message }
}
