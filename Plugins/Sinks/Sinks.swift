public import LatheComponents

/// The components of this plugin.
public enum SinksPlugin {
    /// All of them.
    public static let components: [any Component.Type] = [CSV.self, TensorBoard.self]
}
