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
    associatedtype Config: ComponentConfig
    associatedtype Product
    static var kind: Kind<Product> { get }
    /// The `type` in a spec: `adamw`.
    static var name: String { get }
    /// One sentence for help and docs.
    static var summary: String { get }
    /// From 1. Raise it with every change that makes the same knobs give different results; part of a run's identity.
    static var revision: Int { get }
    init(_ config: Config)
    var product: Product { get }
    /// Problems of the component in this experiment, such as a warm-up longer than the run. A diagnostic without a mark
    /// is shown where the component was written.
    func validate(in context: ExperimentContext) -> [Diagnostic]
}

extension Component {
    public static var revision: Int { 1 }
    public func validate(in context: ExperimentContext) -> [Diagnostic] { [] }
}

extension Chosen {
    /// A component chosen by a program instead of a spec.
    public init<C: Component>(_: C.Type, _ config: C.Config) where C.Product == Product {
        self.init(kind: C.kind.name, name: C.name, revision: C.revision, config: config) {
            let component = C(config)
            return (component, component.product)
        }
    }
}

extension AnyChosen {
    /// Problems of the chosen component in this experiment; see `Component.validate(in:)`.
    public func validate(in context: ExperimentContext) throws -> [Diagnostic] {
        guard let component = try makeComponent() as? any Component else { return [] }
        return component.validate(in: context).map { diagnostic in
            var diagnostic = diagnostic
            diagnostic.mark = diagnostic.mark ?? mark
            return diagnostic
        }
    }
}
