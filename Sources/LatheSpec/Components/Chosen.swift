/// A component as a spec chose it: its name, its knobs, and how to make it.
public struct Chosen<Product>: Sendable, AnyChosen {
    /// The name of its kind.
    public let kind: String
    /// What the spec's `type` says.
    public let name: String
    /// The component's revision.
    public let revision: Int
    /// Its knobs, all of them valid.
    public let config: any FieldGroup
    /// Where it was written; where its group was written when it is the slot's default.
    public let mark: Mark?
    private let parts: @Sendable () throws -> (component: any Sendable, product: Product)

    /// A component that was chosen without a spec.
    ///
    /// - Parameter parts: makes the component and, of it, what its kind's slots give.
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

    /// Makes the component. Every call makes a new one.
    public func make() throws -> Product { try parts().product }

    /// Makes the component and gives it as itself, rather than as what its kind's slots give.
    public func makeComponent() throws -> any Sendable { try parts().component }
}

/// A chosen component, whatever its kind.
public protocol AnyChosen: Sendable {
    /// The name of its kind.
    var kind: String { get }
    /// What the spec's `type` says.
    var name: String { get }
    /// The component's revision.
    var revision: Int { get }
    /// Its knobs.
    var config: any FieldGroup { get }
    /// Where it was written.
    var mark: Mark? { get }
    /// Makes the component and gives it as itself.
    func makeComponent() throws -> any Sendable
}

extension AnyChosen {
    /// `optimizer 'adamw'`.
    public var title: String { "\(kind) '\(name)'" }

    /// The component with every knob, as a spec writes it.
    public var resolved: Node { shown(Rendition()) }

    func shown(_ rendition: Rendition) -> Node {
        let type =
            rendition.isCanonical
            ? Node.Entry("type", .string("\(kind)/\(name)/\(revision)")) : Node.Entry("type", .string(name))
        return .mapping([type] + (config.shown(rendition).entries ?? []))
    }
}
