public import LatheComponents

public enum WebPlugin: Plugin {
    public static let components: [any Component.Type] = [DownloadSource.self, WebSource.self]
}
