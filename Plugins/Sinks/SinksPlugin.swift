public import LatheComponents

public enum SinksPlugin: Plugin {
    public static let components: [any Component.Type] = [CSV.self, TensorBoard.self]
}
