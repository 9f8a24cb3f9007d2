public enum GraphMode: Sendable {
    /// Forward and backward; dropout is on.
    case training
    /// Forward only.
    case evaluation
    /// Forward only, a few tokens at a time; states carry the earlier context.
    case generation
}

/// A model under construction: symbolic values and the ops between them. Shapes are checked as ops are added.
public final class Graph {
    struct Node {
        var op: any Op
        var path: String
        var inputs: [Value]
        var output: Value
    }

    /// Token ids that the caller fills in before each run.
    public struct Input: Sendable {
        public var name: String
        /// The first axis is the batch.
        public var shape: Shape
    }

    /// Values that carry over from one run to the next.
    public struct State: Sendable {
        /// Path in the model.
        public var name: String
        /// The first axis is the batch.
        public var shape: Shape
    }

    public let mode: GraphMode
    /// In the order of first use.
    public private(set) var parameters: [ParameterDeclaration] = []
    public private(set) var inputs: [Input] = []
    public private(set) var states: [State] = []
    var nodes: [Node] = []
    var values: [Value] = []
    private var path: [String] = []
    private var parameterValues: [String: Value] = [:]

    public init(mode: GraphMode) { self.mode = mode }

    /// Adds `name` to the layer path of everything that `body` builds.
    public func scope<Result, Failure: Error>(_ name: String, _ body: () throws(Failure) -> Result) throws(Failure)
        -> Result
    {
        path.append(name)
        defer { path.removeLast() }
        return try body()
    }

    private func qualified(_ name: String) -> String { (path + [name]).joined(separator: ".") }

    private func add(_ shape: Shape, _ source: Value.Source) -> Value {
        let value = Value(id: values.count, shape: shape, source: source)
        values.append(value)
        return value
    }

    /// Ids [batch, …] that the caller fills in before each run.
    public func input(_ name: String, _ shape: Shape) -> Value {
        inputs.append(Input(name: name, shape: shape))
        return add(shape, .input(inputs.count - 1))
    }

    /// Values [batch, …] that an op reads and updates and that persist between runs; initially zero.
    public func state(_ name: String, _ shape: Shape) -> Value {
        states.append(State(name: qualified(name), shape: shape))
        return add(shape, .state(states.count - 1))
    }

    /// A trained parameter. Using the same path again returns the same parameter: this is how weights are tied.
    ///
    /// - Throws: ``ShapeMismatch`` if the path is already used with another shape.
    public func parameter(
        _ name: String, _ shape: Shape, role: ParameterRole, initializer: Initializer
    ) throws(ShapeMismatch) -> Value {
        let full = qualified(name)
        if let known = parameterValues[full] {
            guard known.shape.sizes == shape.sizes else {
                throw mismatch("parameter", "'\(full)' has shape \(known.shape) and is used as \(shape)")
            }
            return known
        }
        let declaration = ParameterDeclaration(name: full, shape: shape, role: role, initializer: initializer)
        parameters.append(declaration)
        let value = add(shape, .parameter(parameters.count - 1))
        parameterValues[full] = value
        return value
    }

    /// - Throws: ``ShapeMismatch`` with the layer path.
    public func apply(_ op: some Op, _ inputs: Value...) throws(ShapeMismatch) -> Value { try apply(op, inputs) }

    public func apply(_ op: some Op, _ inputs: [Value]) throws(ShapeMismatch) -> Value {
        do {
            let output = add(try op.outputShape(inputs.map(\.shape)), .node(nodes.count))
            nodes.append(Node(op: op, path: path.joined(separator: "."), inputs: inputs, output: output))
            return output
        } catch {
            throw mismatch(error.op, error.message)
        }
    }

    private func mismatch(_ op: String, _ message: String) -> ShapeMismatch {
        var error = ShapeMismatch(op: op, message)
        error.path = path.joined(separator: ".")
        return error
    }

    /// Floating-point operations of one forward pass.
    public var operations: Double { nodes.reduce(0) { $0 + $1.op.operations($1.inputs.map(\.shape)) } }
}
