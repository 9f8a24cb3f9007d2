public import LatheComponents

public enum LoaderComponents {
    public static let all: [any Component.Type] = [RandomWindows.self, Sequential.self, ContiguousStreams.self]
}
