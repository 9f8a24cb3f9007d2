public import LatheComponents

public enum LaunchersPlugin: Plugin {
    public static let components: [any Component.Type] = [LocalLauncher.self]
}
