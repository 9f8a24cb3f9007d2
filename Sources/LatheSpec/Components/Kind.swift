/// A kind of component, such as an optimizer. `Product` is what a slot of the kind gives: `any Optimizer`.
public struct Kind<Product>: Sendable {
    /// The kind's name in messages and in `lathe components`: `optimizer`.
    public let name: String
    /// Where it sits in a spec: `optimizer`, `data.source`.
    public let place: String
    /// What the kind is for, in one line.
    public let summary: String

    /// A kind of component.
    public init(_ name: String, place: String? = nil, summary: String = "") {
        self.name = name
        self.place = place ?? name
        self.summary = summary
    }

    /// The kind without its product.
    public var description: KindDescription { KindDescription(name: name, place: place, summary: summary) }
}

/// A kind of component, as `lathe components` shows it.
public struct KindDescription: Sendable, Hashable {
    /// The kind's name.
    public let name: String
    /// Where it sits in a spec.
    public let place: String
    /// What the kind is for, in one line.
    public let summary: String

    /// A kind of component.
    public init(name: String, place: String, summary: String) {
        self.name = name
        self.place = place
        self.summary = summary
    }
}
