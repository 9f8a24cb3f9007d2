/// A kind of component, such as an optimizer. `Product` is the value of a slot of that kind: `any Optimizer`.
public struct Kind<Product>: Sendable {
    /// As shown in messages and `lathe components`: `optimizer`.
    public let name: String
    /// The key path in a spec: `optimizer`, `data.source`.
    public let place: String
    /// One line.
    public let summary: String

    public init(_ name: String, place: String? = nil, summary: String = "") {
        self.name = name
        self.place = place ?? name
        self.summary = summary
    }

    public var description: KindDescription { KindDescription(name: name, place: place, summary: summary) }
}

/// A kind of component, as `lathe components` shows it.
public struct KindDescription: Sendable, Hashable {
    public let name: String
    /// The key path in a spec.
    public let place: String
    /// One line.
    public let summary: String

    public init(name: String, place: String, summary: String) {
        self.name = name
        self.place = place
        self.summary = summary
    }
}
