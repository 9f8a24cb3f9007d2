/// What a parameter is for; policies such as weight decay depend on it.
public enum ParameterRole: String, Sendable, CaseIterable {
    /// The weights of a linear map.
    case matrix
    /// Biases and gains.
    case vector
    /// A table with one row per id or position.
    case embedding
}

public struct ParameterDeclaration: Sendable, Hashable {
    /// Path in the model: `layers.0.attention.qkv.weight`.
    public var name: String
    public var shape: Shape
    public var role: ParameterRole
    public var initializer: Initializer

    public init(name: String, shape: Shape, role: ParameterRole, initializer: Initializer) {
        self.name = name
        self.shape = shape
        self.role = role
        self.initializer = initializer
    }
}

/// A parameter's place in the flat buffers.
public struct ParameterSegment: Sendable, Hashable {
    public var name: String
    public var shape: Shape
    public var role: ParameterRole
    /// Index of the first element in the flat buffers; a multiple of 16, so that every segment starts on a cache line.
    public var offset: Int
    public var count: Int { shape.count }
}

/// The segments of all parameters of a model, laid out in one flat buffer.
public struct ParameterLayout: Sendable {
    /// In the order of declaration.
    public let segments: [ParameterSegment]
    /// Elements of a flat buffer, padding included.
    public let flatCount: Int
    /// Trainable parameters, without padding.
    public let parameterCount: Int
    private let indices: [String: Int]

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

    public func index(of name: String) -> Int? { indices[name] }
}
