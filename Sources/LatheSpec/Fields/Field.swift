/// One knob, declared in one line that drives decoding, validation, `lathe components`, the JSON Schema and the
/// resolved spec:
/// ```swift
/// @Field("Hidden units per layer.", in: 1...16384) var hiddenSize = 256
/// @Field("Dropout between layers.", in: 0..<1)     var dropout: Float = 0
/// ```
/// The YAML key is the property's name in snake case. A field without a default is required. A field with
/// `identity: false` is not part of a run's identity.
///
/// `$hiddenSize` is the field itself; checks report problems at its `mark`.
@propertyWrapper
public struct Field<Value: Sendable>: Sendable, DeclaredField {
    let help: String
    let type: FieldType<Value>
    /// The default of a component slot or a group, which has to be read like a written value.
    let standard: Node?
    let isIdentity: Bool
    var value: Value?
    /// Where the value was written; for a default, where its group was written; nil if neither was.
    public internal(set) var mark: Mark?
    /// Whether a file or an override set the value.
    public internal(set) var isWritten = false

    /// Reading a required field of a group that was not read from a spec is a programming error.
    public var wrappedValue: Value {
        get {
            guard let value else { preconditionFailure("a required field was used before it was read: \(help)") }
            return value
        }
        set { value = newValue }
    }

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

/// A field of any value type.
protocol DeclaredField {
    var isIdentity: Bool { get }
    func description(_ key: String) -> FieldDescription
    func shown(_ rendition: Rendition) -> Node?
    /// The components chosen in the field's value, nested ones included.
    var choices: [any AnyChosen] { get }
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
        parts.flatMap { part -> [any AnyChosen] in
            if let chosen = part as? any AnyChosen { return [chosen] + chosen.config.choices }
            return group(part)?.choices ?? []
        }
    }

    var paths: [SpecPath] {
        parts.flatMap { part -> [SpecPath] in
            if let path = part as? SpecPath { return [path] }
            if let chosen = part as? any AnyChosen { return chosen.config.paths }
            return group(part)?.paths ?? []
        }
    }

    /// The items of a list, or the value itself.
    private var parts: [Any] { value.map { $0 as? [Any] ?? [$0] } ?? [] }

    private func group(_ part: Any) -> (any FieldGroup)? {
        part as? any FieldGroup ?? (part as? any HoldsGroup)?.heldGroup
    }
}
