public import LatheComponents

public enum OptimizersPlugin {
    public static let components: [any Component.Type] = [SGD.self, Adam.self, AdamW.self]
}
