public import LatheComponents

public enum OptimizersPlugin: Plugin {
    public static let components: [any Component.Type] = [SGD.self, Adam.self, AdamW.self]
}
