public import LatheComponents

public enum StrategiesPlugin: Plugin {
    public static let components: [any Component.Type] = [Grid.self, RandomSearch.self, SuccessiveHalving.self]
}
