/// How the values of a field look: what descriptions, the JSON Schema and the merging of layers go by.
public indirect enum Schema: Sendable {
    /// A whole number.
    case integer(Limits)
    /// A number.
    case number(Limits)
    /// `true` or `false`.
    case boolean
    /// Text.
    case string
    /// A path, relative to where it was written.
    case path
    /// One of a few words.
    case choice([String])
    /// A list; `orSingle` when a lone scalar stands for a list of one.
    case list(of: Schema, count: Limits, orSingle: Bool)
    /// A mapping with keys of the user's choice.
    case dictionary(of: Schema)
    /// A value or null.
    case optional(Schema)
    /// One of a few words, or something else.
    case either(words: [String], or: Schema)
    /// A mapping with these fields.
    case group([FieldDescription])
    /// A component of a kind, chosen by `type`; `standard` names the one that is used when none is named.
    case component(kind: String, standard: String?)
    /// Whatever is written.
    case anything
}

/// One field as descriptions and the JSON Schema see it.
public struct FieldDescription: Sendable {
    /// The key in YAML.
    public let key: String
    /// What the field is for, in a sentence.
    public let help: String
    /// How its values look.
    public let schema: Schema
    /// The value that is used when none is written; nil for a required field.
    public let standard: Node?
    /// Whether the field must be written.
    public let isRequired: Bool
    /// Whether the field is part of a run's identity.
    public let isIdentity: Bool
}
