public import LatheComponents

public enum DataSourceComponents {
    public static let all: [any Component.Type] = [
        TextSource.self, JSONLinesSource.self, CSVSource.self, TokenSource.self, MixtureSource.self,
        SyntheticSource.self, UniformSource.self,
    ]
}
