/// A component chosen by a spec: its name, its knobs, and how to make it.
public struct Chosen<Product>: Sendable, AnyChosen {
    public let kind: String
    public let name: String
    public let revision: Int
    /// Validated knobs.
    public let config: any FieldGroup
    /// Where it was written; for a slot's default, where its group was written.
    public let mark: Mark?
    private let parts: @Sendable () throws -> (component: any Sendable, product: Product)

    /// A component chosen without a spec.
    ///
    /// - Parameter parts: makes the component and its kind's product.
    public init(
        kind: String, name: String, revision: Int = 1, config: any FieldGroup, mark: Mark? = nil,
        parts: @escaping @Sendable () throws -> (component: any Sendable, product: Product)
    ) {
        self.kind = kind
        self.name = name
        self.revision = revision
        self.config = config
        self.mark = mark
        self.parts = parts
    }

    /// Makes a new product on every call.
    public func make() throws -> Product { try parts().product }

    /// Makes the component itself rather than its kind's product.
    public func makeComponent() throws -> any Sendable { try parts().component }
}

/// A chosen component of any kind.
public protocol AnyChosen: Sendable {
    var kind: String { get }
    var name: String { get }
    var revision: Int { get }
    var config: any FieldGroup { get }
    var mark: Mark? { get }
    func makeComponent() throws -> any Sendable
}

extension AnyChosen {
    /// `optimizer 'adamw'`.
    public var title: String { "\(kind) '\(name)'" }

    public var resolved: Node { shown(Rendition()) }

    func shown(_ rendition: Rendition) -> Node {
        let type =
            rendition.isCanonical
            ? Node.Entry("type", .string("\(kind)/\(name)/\(revision)")) : Node.Entry("type", .string(name))
        return .mapping([type] + (config.shown(rendition).entries ?? []))
    }
}
