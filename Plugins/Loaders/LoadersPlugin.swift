public import LatheComponents

public enum LoadersPlugin: Plugin {
    public static let components: [any Component.Type] = [RandomWindows.self, Sequential.self, ContiguousStreams.self]
}
