/// A symbolic value of a graph: a shape and where it comes from. Holds no numbers.
public struct Value: Sendable, Hashable {
    /// Where the numbers come from.
    public enum Source: Sendable, Hashable {
        /// Computed by a node.
        case node(Int)
        /// A trained parameter, by its index in ``Graph/parameters``.
        case parameter(Int)
        /// Ids that the caller fills in, one row a sequence of the whole batch, by their index in ``Graph/inputs``.
        case input(Int)
        /// Numbers that carry over from run to run, one row a sequence of the whole batch, by their index in ``Graph/states``.
        case state(Int)
    }

    /// Its index in the graph.
    public let id: Int
    /// Its shape.
    public let shape: Shape
    /// Where its numbers come from.
    public let source: Source
}
