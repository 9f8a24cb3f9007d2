public import LatheComponents

/// The data sources of this plugin.
public enum WebComponents {
    /// For the registry.
    public static let all: [any Component.Type] = [DownloadSource.self, WebSource.self]
}
