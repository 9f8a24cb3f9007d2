public import LatheSpec

/// The components that specs can choose from. A value type: fill it in one place and freeze it in a `let`.
public struct Registry: Sendable, ComponentLookup {
    /// Kinds that have components, in order of registration.
    public private(set) var kinds: [KindDescription] = []
    /// The components of each kind, sorted by name.
    private var entries: [String: [ComponentEntry]] = [:]

    public init() {}

    /// - Throws: `DuplicateComponent` if two components of one kind share a name.
    public init(_ types: [any Component.Type]) throws(DuplicateComponent) {
        try register(types)
    }

    /// - Parameter module: where the component comes from; by default the module of its type.
    /// - Throws: `DuplicateComponent` if a component of the same kind and name is already registered.
    public mutating func register(
        _ types: [any Component.Type], module: String? = nil
    ) throws(DuplicateComponent) {
        for type in types { try add(type, module: module ?? moduleName(type)) }
    }

    private mutating func add<C: Component>(_: C.Type, module: String) throws(DuplicateComponent) {
        let kind = C.kind
        if let first = component(C.name, of: kind.name) {
            throw DuplicateComponent(kind: kind.name, name: C.name, modules: [first.module, module])
        }
        if !kinds.contains(where: { $0.name == kind.name }) { kinds.append(kind.description) }
        let entry = ComponentEntry(
            kind, name: C.name, summary: C.summary, revision: C.revision, module: module, config: C.Config.self
        ) { config in
            let component = C(config)
            return (component, component.product)
        }
        let index = components(of: kind.name).firstIndex { $0.name > C.name } ?? components(of: kind.name).count
        entries[kind.name, default: []].insert(entry, at: index)
    }

    public func components(of kind: String) -> [ComponentEntry] {
        entries[kind] ?? []
    }
}

/// Two components of one kind share a name.
public struct DuplicateComponent: Error, CustomStringConvertible, Sendable {
    public let kind: String
    public let name: String
    /// The modules of the components, the first registered first.
    public let modules: [String]

    /// What is wrong and what to do.
    public var description: String {
        let from = modules[0] == modules[1] ? "both in \(modules[0])" : "in \(modules[0]) and in \(modules[1])"
        return "two components of kind \(kind) are named '\(name)', \(from); rename one, or register only one"
    }
}

/// `LatheOptimizers` for a type of that module.
private func moduleName(_ type: any Component.Type) -> String {
    String(String(reflecting: type).prefix { $0 != "." })
}
