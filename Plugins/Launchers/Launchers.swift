public import LatheComponents

/// The components of this plugin.
public enum LaunchersPlugin {
    /// All of them.
    public static let components: [any Component.Type] = [LocalLauncher.self]
}
