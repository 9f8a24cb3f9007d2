public import LatheComponents

public enum WebPlugin: Plugin {
    public static let components: [any Component.Type] = [DownloadSource.self, HTMLSource.self, WebSource.self]
}
