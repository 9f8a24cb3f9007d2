public import LatheComponents

/// The data sources of this plugin.
public enum DataSourceComponents {
    /// For the registry.
    public static let all: [any Component.Type] = [
        TextSource.self, JSONLinesSource.self, CSVSource.self, TokenSource.self, MixtureSource.self,
        SyntheticSource.self,
    ]
}
