/// What a graph is built for.
public enum GraphMode: Sendable {
    /// Forward and backward; dropout is on.
    case training
    /// Forward only.
    case evaluation
    /// Forward only, a few tokens at a time; what came before is remembered in states.
    case generation
}

/// A model being written down: symbolic values and the ops between them, with all shapes checked at once.
public final class Graph {
    /// An op applied to values.
    struct Node {
        var op: any Op
        var path: String
        var inputs: [Value]
        var output: Value
    }

    /// Ids that the caller fills in.
    public struct Input: Sendable {
        /// Its name.
        public var name: String
        /// Its shape; the first axis is the batch.
        public var shape: Shape
    }

    /// Numbers that carry over from run to run.
    public struct State: Sendable {
        /// Its path in the model.
        public var name: String
        /// Its shape; the first axis is the batch.
        public var shape: Shape
    }

    /// What the graph is for.
    public let mode: GraphMode
    /// All parameters, in the order of their first use.
    public private(set) var parameters: [ParameterDeclaration] = []
    /// All inputs.
    public private(set) var inputs: [Input] = []
    /// All states.
    public private(set) var states: [State] = []
    var nodes: [Node] = []
    var values: [Value] = []
    private var path: [String] = []
    private var parameterValues: [String: Value] = [:]

    /// An empty graph.
    public init(mode: GraphMode) { self.mode = mode }

    /// Puts what `body` builds under `name` in the layer path.
    public func scope<Result, Failure: Error>(_ name: String, _ body: () throws(Failure) -> Result) throws(Failure)
        -> Result
    {
        path.append(name)
        defer { path.removeLast() }
        return try body()
    }

    /// The path of a thing called `name` here.
    private func qualified(_ name: String) -> String { (path + [name]).joined(separator: ".") }

    private func add(_ shape: Shape, _ source: Value.Source) -> Value {
        let value = Value(id: values.count, shape: shape, source: source)
        values.append(value)
        return value
    }

    /// Ids [batch, …], filled in by the caller before each run.
    public func input(_ name: String, _ shape: Shape) -> Value {
        inputs.append(Input(name: name, shape: shape))
        return add(shape, .input(inputs.count - 1))
    }

    /// Numbers [batch, …] that an op reads and updates, and that are there again in the next run; zero at first.
    public func state(_ name: String, _ shape: Shape) -> Value {
        states.append(State(name: qualified(name), shape: shape))
        return add(shape, .state(states.count - 1))
    }

    /// A trained parameter. The same path names the same parameter: this is how weights are tied.
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

    /// Applies an op.
    ///
    /// - Throws: ``ShapeMismatch`` with the layer path.
    public func apply(_ op: some Op, _ inputs: Value...) throws(ShapeMismatch) -> Value { try apply(op, inputs) }

    /// Applies an op.
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
