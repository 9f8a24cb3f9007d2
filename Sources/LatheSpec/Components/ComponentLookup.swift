/// The components to choose from: what reading, describing and merging specs need of a registry.
public protocol ComponentLookup: Sendable {
    /// The kinds, in the order in which they are shown.
    var kinds: [KindDescription] { get }
    /// The components of a kind, sorted by name.
    func components(of kind: String) -> [ComponentEntry]
    /// The component of a kind that a spec's `type` names.
    func component(_ name: String, of kind: String) -> ComponentEntry?
}

extension ComponentLookup {
    /// The component of a kind that a spec's `type` names.
    public func component(_ name: String, of kind: String) -> ComponentEntry? {
        components(of: kind).first { $0.name == name }
    }
}

/// No components: for specs without slots.
public struct NoComponents: ComponentLookup {
    /// A lookup that finds nothing.
    public init() {}
    /// None.
    public var kinds: [KindDescription] { [] }
    /// None.
    public func components(of kind: String) -> [ComponentEntry] { [] }
}

/// A component that can be chosen, whatever its kind.
public struct ComponentEntry: Sendable {
    /// The name of its kind.
    public let kind: String
    /// What a spec's `type` says.
    public let name: String
    /// What it is, in one line.
    public let summary: String
    /// Counts changes after which the same knobs give other results; part of a run's identity.
    public let revision: Int
    /// The module that it comes from.
    public let module: String
    /// Its knobs.
    public let config: any FieldGroup.Type
    /// Its knobs, in order of declaration.
    public let fields: [FieldDescription]
    /// The type of its kind's products.
    let productType: Any.Type
    private let make: @Sendable (any FieldGroup) throws -> (component: any Sendable, product: Any)

    /// A component with knobs of type `Config`.
    ///
    /// - Parameter make: makes the component and, of it, what its kind's slots give.
    public init<Config: FieldGroup, Product>(
        _ kind: Kind<Product>, name: String, summary: String, revision: Int, module: String, config: Config.Type,
        make: @escaping @Sendable (Config) throws -> (component: any Sendable, product: Product)
    ) {
        self.kind = kind.name
        self.name = name
        self.summary = summary
        self.revision = revision
        self.module = module
        self.config = config
        fields = LatheSpec.fields(of: config)
        precondition(!fields.contains { $0.key == "type" }, "\(name) has a knob named 'type', which chooses components")
        productType = Product.self
        self.make = { group in
            guard let config = group as? Config else {
                preconditionFailure("\(name) was given the knobs of another component: \(type(of: group))")
            }
            let made = try make(config)
            return (made.component, made.product)
        }
    }

    /// The component as chosen with these knobs.
    func chosen<Product>(_ kind: Kind<Product>, config: any FieldGroup, mark: Mark?) -> Chosen<Product> {
        let make = make
        return Chosen(kind: self.kind, name: name, revision: revision, config: config, mark: mark) {
            let made = try make(config)
            guard let product = made.product as? Product else {
                preconditionFailure("two kinds are named '\(kind.name)'")
            }
            return (made.component, product)
        }
    }
}
