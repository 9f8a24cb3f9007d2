/// The shape of a field's values, used by descriptions, the JSON Schema and the merging of layers.
public indirect enum Schema: Sendable {
    case integer(Limits)
    case number(Limits)
    case boolean
    case string
    /// Relative to the file that it is written in.
    case path
    case choice([String])
    /// `orSingle`: a lone scalar is read as a list of one.
    case list(of: Schema, count: Limits, orSingle: Bool)
    case dictionary(of: Schema)
    case optional(Schema)
    /// One of `words`, or a value of another schema.
    case either(words: [String], or: Schema)
    case oneOf([Schema])
    case group([FieldDescription])
    /// A component of a kind, chosen by `type`; `standard` is the default component, if any.
    case component(kind: String, standard: String?)
    /// Any node, kept as written.
    case anything
}

/// A field as shown in descriptions and the JSON Schema.
public struct FieldDescription: Sendable {
    public let key: String
    /// One sentence.
    public let help: String
    public let schema: Schema
    /// The default; nil for a required field.
    public let standard: Node?
    public let isRequired: Bool
    public let isIdentity: Bool
}
