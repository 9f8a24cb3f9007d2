public import LatheComponents

public enum LaunchersPlugin {
    public static let components: [any Component.Type] = [LocalLauncher.self]
}
