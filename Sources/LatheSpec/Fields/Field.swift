/// One knob, declared in one line, from which decoding, validation, `lathe components`, the JSON Schema and the resolved
/// spec all follow:
/// ```swift
/// @Field("Hidden units per layer.", in: 1...16384) var hiddenSize = 256
/// @Field("Dropout between layers.", in: 0..<1)     var dropout: Float = 0
/// ```
/// The YAML key is the property's name in snake case. A field without a default must be written. A field with
/// `identity: false` does not take part in a run's identity.
///
/// `$hiddenSize` is the field itself: its `mark` is where a check points.
@propertyWrapper
public struct Field<Value: Sendable>: Sendable, DeclaredField {
    let help: String
    let type: FieldType<Value>
    /// The default, for a type whose default has to be read: a component slot or a group.
    let standard: Node?
    /// Whether the field is part of a run's identity.
    let isIdentity: Bool
    var value: Value?
    /// Where the value was written; where its group was written when it has its default; nil when nobody wrote either.
    public internal(set) var mark: Mark?
    /// Whether the value was written, by a file or an override.
    public internal(set) var isWritten = false

    /// The value. Reading a required field of a group that was not read from a spec is a programming error.
    public var wrappedValue: Value {
        get {
            guard let value else { preconditionFailure("a required field was used before it was read: \(help)") }
            return value
        }
        set { value = newValue }
    }

    /// The field itself, for its mark.
    public var projectedValue: Self { self }

    init(
        _ help: String, _ type: FieldType<Value>, _ value: Value?, standard: Node? = nil, identity: Bool
    ) {
        self.help = help
        self.type = type
        self.value = value
        self.standard = standard
        isIdentity = identity
    }
}

/// A field whatever its value's type.
protocol DeclaredField {
    var isIdentity: Bool { get }
    func description(_ key: String) -> FieldDescription
    func shown(_ rendition: Rendition) -> Node?
    /// The components chosen in the field's value, those within components included.
    var choices: [any AnyChosen] { get }
    /// The paths in the field's value.
    var paths: [SpecPath] { get }
}

extension Field {
    func description(_ key: String) -> FieldDescription {
        let shown = shown(Rendition())
        return FieldDescription(
            key: key, help: help, schema: type.schema, standard: shown, isRequired: shown == nil, isIdentity: isIdentity
        )
    }

    func shown(_ rendition: Rendition) -> Node? { value.map { type.show($0, rendition) } ?? standard }

    var choices: [any AnyChosen] {
        gathered { $0 as? any AnyChosen }.flatMap { [$0] + $0.config.choices } + nested { $0.choices }
    }

    var paths: [SpecPath] { gathered { $0 as? SpecPath } + nested { $0.paths } }

    /// What `pick` takes from the value, or from its items.
    private func gathered<T>(_ pick: (Any) -> T?) -> [T] {
        guard let value else { return [] }
        if let one = pick(value) { return [one] }
        return (value as? [Any])?.compactMap(pick) ?? []
    }

    private func nested<T>(_ collect: (any FieldGroup) -> [T]) -> [T] {
        (value as? any FieldGroup).map(collect) ?? []
    }
}
