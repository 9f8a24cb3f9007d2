/// A symbolic value of a graph: a shape and a source. Holds no data.
public struct Value: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        case node(Int)
        /// Index in ``Graph/parameters``.
        case parameter(Int)
        /// Index in ``Graph/inputs``: ids that the caller fills in, one row per sequence of the whole batch.
        case input(Int)
        /// Index in ``Graph/states``: values that carry over between runs, one row per sequence of the whole batch.
        case state(Int)
    }

    public let id: Int
    public let shape: Shape
    public let source: Source
}
