/// A scalar, or `auto` to let the program choose: `threads: auto`.
public enum Automatic<Value: ScalarValue>: Sendable, Equatable {
    case auto
    case value(Value)

    /// Nil for `auto`.
    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }
}

/// One of a few words, or a group of knobs: `scope: all` or `scope: {bytes: 65536}`.
public enum WordOr<Word: Choice, Group: FieldGroup>: Sendable {
    case word(Word)
    case group(Group)
}

/// A value that may contain a group.
protocol HoldsGroup {
    var heldGroup: (any FieldGroup)? { get }
}

extension WordOr: HoldsGroup {
    var heldGroup: (any FieldGroup)? {
        if case .group(let group) = self { group } else { nil }
    }
}
