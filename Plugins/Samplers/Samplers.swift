public import LatheComponents

/// The components of this plugin.
public enum SamplersPlugin {
    /// All of them.
    public static let components: [any Component.Type] = [Grid.self, RandomSearch.self, SuccessiveHalving.self]
}
