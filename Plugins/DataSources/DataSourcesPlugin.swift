public import LatheComponents

public enum DataSourcesPlugin: Plugin {
    public static let components: [any Component.Type] = [
        TextSource.self, JSONLinesSource.self, CSVSource.self, TokenSource.self, MixtureSource.self,
        SyntheticSource.self, UniformSource.self,
    ]
}
