extension Field where Value: ScalarValue {
    public init(wrappedValue: Value, _ help: String, identity: Bool = true) {
        self.init(help, .scalar(), wrappedValue, identity: identity)
    }

    public init(_ help: String, identity: Bool = true) {
        self.init(help, .scalar(), nil, identity: identity)
    }
}

extension Field where Value: ScalarValue & Comparable {
    public init(wrappedValue: Value, _ help: String, in range: some FieldRange<Value>, identity: Bool = true) {
        self.init(help, .scalar(range.bounds), wrappedValue, identity: identity)
    }

    public init(_ help: String, in range: some FieldRange<Value>, identity: Bool = true) {
        self.init(help, .scalar(range.bounds), nil, identity: identity)
    }

    /// A scalar above `low` and, if `high` is given, at most `high`. Swift has no range with an open lower bound.
    public init(
        wrappedValue: Value, _ help: String, above low: Value, through high: Value? = nil, identity: Bool = true
    ) {
        let bounds = Bounds(lower: low, upper: high, isLowerOpen: true)
        self.init(help, .scalar(bounds), wrappedValue, identity: identity)
    }

    public init(_ help: String, above low: Value, through high: Value? = nil, identity: Bool = true) {
        let bounds = Bounds(lower: low, upper: high, isLowerOpen: true)
        self.init(help, .scalar(bounds), nil, identity: identity)
    }

    public init(wrappedValue: Value, _ help: String, above low: Value, below high: Value, identity: Bool = true) {
        let bounds = Bounds(lower: low, upper: high, isLowerOpen: true, isUpperOpen: true)
        self.init(help, .scalar(bounds), wrappedValue, identity: identity)
    }
}

extension Field {
    public init<S: ScalarValue>(wrappedValue: Value = nil, _ help: String, identity: Bool = true) where Value == S? {
        self.init(help, .optional(.scalar()), .some(wrappedValue), identity: identity)
    }

    public init<S: ScalarValue & Comparable>(
        wrappedValue: Value = nil, _ help: String, in range: some FieldRange<S>, identity: Bool = true
    ) where Value == S? {
        self.init(help, .optional(.scalar(range.bounds)), .some(wrappedValue), identity: identity)
    }

    public init<S: ScalarValue & Comparable>(
        wrappedValue: Value = nil, _ help: String, above low: S, through high: S? = nil, identity: Bool = true
    ) where Value == S? {
        let bounds = Bounds(lower: low, upper: high, isLowerOpen: true)
        self.init(help, .optional(.scalar(bounds)), .some(wrappedValue), identity: identity)
    }

    public init<S: ScalarValue>(wrappedValue: Value, _ help: String, identity: Bool = true)
    where Value == Automatic<S> {
        self.init(help, .automatic(.scalar()), wrappedValue, identity: identity)
    }

    public init<S: ScalarValue & Comparable>(
        wrappedValue: Value, _ help: String, in range: some FieldRange<S>, identity: Bool = true
    ) where Value == Automatic<S> {
        self.init(help, .automatic(.scalar(range.bounds)), wrappedValue, identity: identity)
    }

    /// A list; with `orSingle`, a lone scalar is read as a list of one.
    public init<S: ScalarValue>(
        wrappedValue: Value, _ help: String, count: (any FieldRange<Int>)? = nil, orSingle: Bool = false,
        identity: Bool = true
    ) where Value == [S] {
        self.init(
            help, .list(.scalar(), count: count?.bounds, orSingle: orSingle), wrappedValue, identity: identity)
    }

    public init<S: ScalarValue>(
        _ help: String, count: (any FieldRange<Int>)? = nil, orSingle: Bool = false, identity: Bool = true
    ) where Value == [S] {
        self.init(help, .list(.scalar(), count: count?.bounds, orSingle: orSingle), nil, identity: identity)
    }

    public init<S: ScalarValue & Comparable>(
        wrappedValue: Value, _ help: String, each range: some FieldRange<S>, count: (any FieldRange<Int>)? = nil,
        identity: Bool = true
    ) where Value == [S] {
        self.init(help, .list(.scalar(range.bounds), count: count?.bounds), wrappedValue, identity: identity)
    }

    public init<S: ScalarValue>(wrappedValue: Value, _ help: String, identity: Bool = true)
    where Value == [String: S] {
        self.init(help, .dictionary(.scalar()), wrappedValue, identity: identity)
    }

    public init<W: Choice, G: FieldGroup>(wrappedValue: Value, _ help: String, identity: Bool = true)
    where Value == WordOr<W, G> {
        self.init(help, .wordOr(Value.self), wrappedValue, identity: identity)
    }
}

extension Field where Value: FieldGroup {
    public init(wrappedValue: Value, _ help: String, identity: Bool = true) {
        self.init(help, .group(Value.self), wrappedValue, standard: .mapping([]), identity: identity)
    }
}

extension Field {
    public init<G: FieldGroup>(wrappedValue: Value, _ help: String, identity: Bool = true) where Value == [G] {
        self.init(help, .list(.group(G.self), count: nil), wrappedValue, identity: identity)
    }

    /// A component slot. Required unless it has a default, whose knobs a mapping without `type` sets.
    /// ```swift
    /// @Field("How parameters are updated.", .optimizer, default: "adamw") var optimizer: Chosen<any Optimizer>
    /// ```
    public init<P>(_ help: String, _ kind: Kind<P>, default name: String? = nil, identity: Bool = true)
    where Value == Chosen<P> {
        self.init(
            help, .component(kind, standard: name), nil, standard: name.map { .mapping([.init("type", .string($0))]) },
            identity: identity)
    }

    /// An optional component slot; null by default.
    public init<P>(_ help: String, _ kind: Kind<P>, identity: Bool = true) where Value == Chosen<P>? {
        self.init(help, .optional(.component(kind, standard: nil)), .some(nil), identity: identity)
    }

    /// A list of components, applied in order; empty by default.
    public init<P>(_ help: String, _ kind: Kind<P>, identity: Bool = true) where Value == [Chosen<P>] {
        self.init(help, .list(.component(kind, standard: nil), count: nil), [], identity: identity)
    }
}
