/// A part of a spec that is kept as it was written, marks and all, for whoever knows what it means: a sweep's parameters,
/// whose keys are those of another spec.
public struct Verbatim: Sendable {
    /// What was written; nil when nothing was.
    public var node: Node?

    /// Nothing.
    public init() {}

    /// A part of a spec.
    public init(_ node: Node) { self.node = node }
}

extension Field where Value == Verbatim {
    /// A part of the spec that is kept as it was written.
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
