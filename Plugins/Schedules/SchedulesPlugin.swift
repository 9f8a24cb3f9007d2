public import LatheComponents

public enum SchedulesPlugin: Plugin {
    public static let components: [any Component.Type] = [Constant.self, LinearDecay.self, Cosine.self]
}
