/// Components that are registered together; all that a plugin's module needs to make public:
/// ```swift
/// public enum OptimizersPlugin: Plugin {
///     public static let components: [any Component.Type] = [SGD.self, Adam.self, AdamW.self]
/// }
/// ```
public protocol Plugin: SendableMetatype {
    static var components: [any Component.Type] { get }
}

extension Registry {
    /// - Throws: `DuplicateComponent` if two components of one kind share a name.
    public init(_ plugins: [any Plugin.Type]) throws(DuplicateComponent) {
        try self.init(plugins.flatMap { $0.components })
    }
}
