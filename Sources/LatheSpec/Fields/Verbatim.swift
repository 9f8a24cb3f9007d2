/// A part of a spec kept as written, marks included, such as a sweep's parameters, whose keys belong to another spec.
public struct Verbatim: Sendable {
    /// Nil if nothing was written.
    public var node: Node?

    public init() {}

    public init(_ node: Node) { self.node = node }
}

extension Field where Value == Verbatim {
    /// - Parameter schema: what is allowed, for descriptions and editors; reading takes anything.
    public init(
        wrappedValue: Verbatim, _ help: String, schema: @autoclosure @escaping @Sendable () -> Schema = .anything,
        identity: Bool = true
    ) {
        self.init(help, .verbatim(schema()), wrappedValue, identity: identity)
    }
}

extension FieldType where Value == Verbatim {
    static func verbatim(_ schema: @autoclosure @escaping @Sendable () -> Schema) -> Self {
        FieldType(schema: schema()) { node, _, _ in
            Verbatim(node)
        } show: { value, _ in
            value.node ?? .plain("null")
        }
    }
}
