public import LatheComponents

/// The loaders of this plugin.
public enum LoaderComponents {
    /// For the registry.
    public static let all: [any Component.Type] = [RandomWindows.self, Sequential.self, ContiguousStreams.self]
}
