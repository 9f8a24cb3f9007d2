public import LatheComponents

public enum WebComponents {
    public static let all: [any Component.Type] = [DownloadSource.self, WebSource.self]
}
