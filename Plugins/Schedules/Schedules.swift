public import LatheComponents

/// The components of this plugin.
public enum SchedulesPlugin {
    /// All of them.
    public static let components: [any Component.Type] = [Constant.self, Linear.self, Cosine.self]
}
