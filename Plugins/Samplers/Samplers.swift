public import LatheComponents

public enum SamplersPlugin {
    public static let components: [any Component.Type] = [Grid.self, RandomSearch.self, SuccessiveHalving.self]
}
