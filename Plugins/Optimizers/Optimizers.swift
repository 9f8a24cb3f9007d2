public import LatheComponents

/// The components of this plugin.
public enum OptimizersPlugin {
    /// All of them.
    public static let components: [any Component.Type] = [SGD.self, Adam.self, AdamW.self]
}
