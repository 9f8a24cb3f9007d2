public import LatheComponents

public enum SinksPlugin {
    public static let components: [any Component.Type] = [CSV.self, TensorBoard.self]
}
