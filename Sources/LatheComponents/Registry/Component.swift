public import LatheSpec

/// A part of an experiment that a spec chooses by name.
///
/// A kind of component is a protocol that refines this one, with its existential as the product:
/// ```swift
/// public protocol Optimizer: Component where Product == any Optimizer { … }
/// extension Optimizer {
///     public static var kind: Kind<any Optimizer> { .optimizer }
///     public var product: any Optimizer { self }
/// }
/// ```
public protocol Component<Product>: Sendable {
    /// The component's knobs.
    associatedtype Config: ComponentConfig
    /// What slots of the component's kind give: `any Optimizer`.
    associatedtype Product
    /// The component's kind.
    static var kind: Kind<Product> { get }
    /// What a spec's `type` says: `adamw`.
    static var name: String { get }
    /// What the component is, in one line.
    static var summary: String { get }
    /// Raised by every change after which the same knobs give other results; part of a run's identity. From 1.
    static var revision: Int { get }
    /// The component with these knobs.
    init(_ config: Config)
    /// The component as its kind's slots give it.
    var product: Product { get }
    /// What is wrong with the component in this experiment, such as a warm-up longer than the run. A diagnostic without
    /// a mark is shown where the component was written.
    func validate(in context: ExperimentContext) -> [Diagnostic]
}

extension Component {
    /// The first revision.
    public static var revision: Int { 1 }
    /// Nothing to check.
    public func validate(in context: ExperimentContext) -> [Diagnostic] { [] }
}

extension Chosen {
    /// A component that a program chose, rather than a spec.
    public init<C: Component>(_: C.Type, _ config: C.Config) where C.Product == Product {
        self.init(kind: C.kind.name, name: C.name, revision: C.revision, config: config) {
            let component = C(config)
            return (component, component.product)
        }
    }
}

extension AnyChosen {
    /// What is wrong with the chosen component in this experiment; see `Component.validate(in:)`.
    public func validate(in context: ExperimentContext) throws -> [Diagnostic] {
        guard let component = try makeComponent() as? any Component else { return [] }
        return component.validate(in: context).map { diagnostic in
            var diagnostic = diagnostic
            diagnostic.mark = diagnostic.mark ?? mark
            return diagnostic
        }
    }
}
