/// A part of a spec kept as written, marks included, such as a sweep's parameters, whose keys belong to another spec.
public struct Verbatim: Sendable {
    /// Nil if nothing was written.
    public var node: Node?

    public init() {}

    public init(_ node: Node) { self.node = node }
}

extension Field where Value == Verbatim {
    public init(wrappedValue: Verbatim, _ help: String, identity: Bool = true) {
        self.init(help, .verbatim, wrappedValue, identity: identity)
    }
}

extension FieldType where Value == Verbatim {
    static var verbatim: Self {
        FieldType(schema: .anything) { node, _, _ in
            Verbatim(node)
        } show: { value, _ in
            value.node ?? .plain("null")
        }
    }
}
