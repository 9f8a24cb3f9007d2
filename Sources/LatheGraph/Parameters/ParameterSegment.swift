/// What a parameter is for; policies such as weight decay go by it.
public enum ParameterRole: String, Sendable, CaseIterable {
    /// The weights of a linear map.
    case matrix
    /// Biases and gains.
    case vector
    /// A table with one row an id or a position.
    case embedding
}

/// A parameter as an architecture declares it.
public struct ParameterDeclaration: Sendable, Hashable {
    /// Its path in the model: `layers.0.attention.qkv.weight`.
    public var name: String
    /// Its shape.
    public var shape: Shape
    /// What it is for.
    public var role: ParameterRole
    /// Its values before training.
    public var initializer: Initializer

    /// A parameter.
    public init(name: String, shape: Shape, role: ParameterRole, initializer: Initializer) {
        self.name = name
        self.shape = shape
        self.role = role
        self.initializer = initializer
    }
}

/// A parameter's place in the flat buffers.
public struct ParameterSegment: Sendable, Hashable {
    /// Its path in the model.
    public var name: String
    /// Its shape.
    public var shape: Shape
    /// What it is for.
    public var role: ParameterRole
    /// The first element in the flat buffers, a multiple of 16, so that every segment begins on a cache line.
    public var offset: Int
    /// The number of elements.
    public var count: Int { shape.count }
}

/// The segments of all parameters of a model, one behind the other in one flat buffer.
public struct ParameterLayout: Sendable {
    /// The segments, in the order of declaration.
    public let segments: [ParameterSegment]
    /// Elements of a flat buffer, padding included.
    public let flatCount: Int
    /// The trained numbers, padding not included.
    public let parameterCount: Int
    private let indices: [String: Int]

    /// Lays out parameters in the order of declaration.
    public init(_ declarations: [ParameterDeclaration]) {
        var segments: [ParameterSegment] = []
        var offset = 0
        for d in declarations {
            segments.append(ParameterSegment(name: d.name, shape: d.shape, role: d.role, offset: offset))
            offset += (d.shape.count + 15) / 16 * 16
        }
        self.segments = segments
        flatCount = offset
        parameterCount = segments.reduce(0) { $0 + $1.count }
        indices = Dictionary(uniqueKeysWithValues: segments.enumerated().map { ($1.name, $0) })
    }

    /// The index of a segment by its name.
    public func index(of name: String) -> Int? { indices[name] }
}
