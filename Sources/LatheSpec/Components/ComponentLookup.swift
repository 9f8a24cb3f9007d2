/// The registry as seen by the code that reads, describes and merges specs.
public protocol ComponentLookup: Sendable {
    /// In display order.
    var kinds: [KindDescription] { get }
    /// Sorted by name.
    func components(of kind: String) -> [ComponentEntry]
    func component(_ name: String, of kind: String) -> ComponentEntry?
}

extension ComponentLookup {
    public func component(_ name: String, of kind: String) -> ComponentEntry? {
        components(of: kind).first { $0.name == name }
    }
}

/// No components: for specs without slots.
public struct NoComponents: ComponentLookup {
    public init() {}
    public var kinds: [KindDescription] { [] }
    public func components(of kind: String) -> [ComponentEntry] { [] }
}

/// A registered component of any kind.
public struct ComponentEntry: Sendable {
    public let kind: String
    public let name: String
    public let summary: String
    /// Incremented when the same knobs give different results; part of a run's identity.
    public let revision: Int
    public let module: String
    public let config: any FieldGroup.Type
    /// The knobs, in order of declaration.
    public let fields: [FieldDescription]
    let productType: Any.Type
    private let make: @Sendable (any FieldGroup) throws -> (component: any Sendable, product: Any)

    /// - Parameter make: makes the component and its kind's product.
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
