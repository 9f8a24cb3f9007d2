public import LatheComponents

public enum MyPlugin: Plugin {
    public static let components: [any Component.Type] = [Lion.self, Averages.self]
}
