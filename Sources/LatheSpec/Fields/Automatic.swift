/// A scalar, or the word `auto` for one that the program chooses: `threads: auto`.
public enum Automatic<Value: ScalarValue>: Sendable, Equatable {
    /// The program chooses.
    case auto
    /// The user chose.
    case value(Value)

    /// The user's choice; nil for `auto`.
    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }
}

/// One of a few words, or a group of knobs: `scope: all` or `scope: {bytes: 65536}`.
public enum WordOr<Word: Choice, Group: FieldGroup>: Sendable {
    /// One of the words.
    case word(Word)
    /// The group.
    case group(Group)
}

/// A value that may be a group.
protocol HoldsGroup {
    var heldGroup: (any FieldGroup)? { get }
}

extension WordOr: HoldsGroup {
    var heldGroup: (any FieldGroup)? {
        if case .group(let group) = self { group } else { nil }
    }
}
