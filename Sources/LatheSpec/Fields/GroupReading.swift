extension FieldGroup {
    /// Reads the group from `node`; nil if there was any problem, all of which are noted in `reading`.
    ///
    /// The synthesized `init(from:)` asks for each property in turn and is handed that field's own declaration, so that
    /// defaults and ranges are stated once.
    static func read(_ node: Node, _ reading: Reading, _ place: Place, isComponent: Bool = false) -> Self? {
        guard let entries = node.entries else {
            reading.mismatch(node, place, expected: "a mapping")
            return nil
        }
        let beforeKeys = reading.failures
        let declared = declarations(of: Self())
        for entry in entries where !(isComponent && entry.key == "type") {
            guard !declared.contains(where: { $0.key == entry.key }) else { continue }
            reading.unknown(entry, declared, place)
        }
        let beforeValues = reading.failures
        var slots: [String: FieldSlot] = [:]
        for declaration in declared {
            slots[declaration.name] = FieldSlot(
                declaration: declaration, entry: entries.first { $0.key == declaration.key }, reading: reading,
                group: place, groupMark: node.mark)
        }
        let group: Self
        do {
            group = try Self(from: GroupDecoder(slots: slots))
        } catch {
            preconditionFailure("\(Self.self) does not use the synthesized init(from:): \(error)")
        }
        // Values are checked even if there are unknown keys.
        guard reading.failures == beforeValues else { return nil }
        var problems = Problems()
        // If part of the spec could not be read, problems with values that were not written are not reported.
        problems.standardMark = reading.isPartial ? nil : remover(entries, declared, node, reading) ?? node.mark
        group.check(&problems)
        for problem in problems.list {
            if reading.isPartial, problem.mark == nil {
                reading.missing(problem.message, at: nil)
            } else {
                reading.add(problem)
            }
        }
        return reading.failures == beforeKeys ? group : nil
    }

    /// The first override that dropped a key of the group or set it to null, and so may be why something is missing.
    private static func remover(
        _ entries: [Node.Entry], _ declared: [Declaration], _ node: Node, _ reading: Reading
    ) -> Mark? {
        let nulls = entries.filter { $0.value.isNull }.compactMap(\.value.mark).filter { $0.source.origin == .override }
        return nulls.first
            ?? declared.lazy.compactMap { reading.dropped[DroppedKey(group: node.mark, key: $0.key)] }.first
    }
}

extension Reading {
    /// Reports an unknown key, with the nearest known key or the group that has such a key.
    fileprivate func unknown(_ entry: Node.Entry, _ declared: [Declaration], _ place: Place) {
        let what = "unknown key '\(shortened(entry.key))'\(place.group)"
        // A file with so many unknown keys is not a spec, so skip the costly suggestions.
        guard problems.count < 100 else { return problem(what, at: entry.keyMark) }
        let keys = declared.map(\.key)
        if let nested = nested(entry, keys) {
            return problem("\(what); in a file, keys are nested instead", at: entry.keyMark, note: "write \(nested)")
        }
        if let near = equivalent(of: entry.key, in: keys, place) ?? nearest(to: entry.key, in: keys) {
            return problem("\(what); did you mean '\(near)'?", at: entry.keyMark, note: multirunHint(entry.value))
        }
        let fields = declared.map { $0.field.description($0.key) }
        let owners = groups(with: entry.key, in: fields, path: "") + components(with: entry.key)
        let note = owners.isEmpty ? nil : "'\(entry.key)' is a key of \(listed(owners))"
        let allowed = keys.isEmpty ? "it has no keys" : "its keys are \(listed(keys))"
        problem("\(what); \(allowed)", at: entry.keyMark, note: note)
    }

    /// `optimizer: {learning_rate: 3e-4}` for the key `optimizer.learning_rate`.
    private func nested(_ entry: Node.Entry, _ keys: [String]) -> String? {
        let parts = entry.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, !parts.contains(""), let first = nearest(to: parts[0], in: keys) else { return nil }
        let value = entry.value.isFlow ? YAMLWriter.flow(entry.value) : "{…}"
        return first + ": " + parts.dropFirst().reversed().reduce(shortened(value)) { "{\(shortened($1)): \($0)}" }
    }

    /// The key that another tool's name stands for: `layers` for `n_layer` in a model, `training.context` for
    /// `block_size` anywhere else than in `training`.
    private func equivalent(of key: String, in keys: [String], _ place: Place) -> String? {
        guard let meanings = foreignNames[key.lowercased().replacing("-", with: "_")] else { return nil }
        let kind = place.component.flatMap { component in
            lookup.kinds.first { component.hasPrefix($0.name + " '") }?.place
        }
        let prefix = [kind, place.path].compactMap(\.self).filter { !$0.isEmpty }.map { $0 + "." }.joined()
        let own = meanings.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return own.first { keys.contains($0) } ?? meanings.first { prefix.isEmpty || !$0.hasPrefix(prefix) }
    }

    private func groups(with key: String, in fields: [FieldDescription], path: String) -> [String] {
        fields.flatMap { field -> [String] in
            guard case .group(let inner) = field.schema else { return [] }
            let own = inner.contains { $0.key == key } ? ["'\(path)\(field.key)'"] : []
            return own + groups(with: key, in: inner, path: path + field.key + ".")
        }
    }

    private func components(with key: String) -> [String] {
        lookup.kinds.flatMap { kind in
            lookup.components(of: kind.name).filter { $0.fields.contains { $0.key == key } }
                .map { "\(kind.name) '\($0.name)'" }
        }
    }
}

struct FieldSlot {
    let declaration: Declaration
    /// Nil if nothing was written for the field.
    let entry: Node.Entry?
    let reading: Reading
    let group: Place
    let groupMark: Mark?
}

extension Field: Decodable {
    /// Only works when called by the synthesized `init(from:)` of a group that is read from a spec.
    public init(from decoder: any Decoder) throws {
        guard let slot = (decoder as? FieldDecoder)?.slot, let declared = slot.declaration.field as? Field<Value> else {
            throw OnlyFromSpecs()
        }
        self = declared
        let place = slot.group.key(slot.declaration.key)
        mark = slot.entry?.value.mark ?? slot.entry?.keyMark ?? slot.groupMark
        isWritten = slot.entry != nil
        if let entry = slot.entry {
            value = type.read(entry.value, slot.reading, place)
        } else if var standard {
            standard.mark = slot.groupMark
            value = type.read(standard, slot.reading, place)
        } else if value == nil {
            var known: String?
            if case .component(let kind, _) = type.schema {
                known = listed(slot.reading.lookup.components(of: kind).map(\.name))
            }
            slot.reading.missing(
                "missing key '\(slot.declaration.key)'\(slot.group.group): \(help)",
                at: slot.reading.dropped[DroppedKey(group: slot.groupMark, key: slot.declaration.key)]
                    ?? slot.groupMark,
                note: known.map { "known: \($0)" })
        }
    }
}

/// A field was decoded other than by reading a spec.
private struct OnlyFromSpecs: Error {}

/// A decoder for groups and fields only; everything else throws.
private protocol SpecDecoder: Decoder {}

extension SpecDecoder {
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    func container<K>(keyedBy: K.Type) throws -> KeyedDecodingContainer<K> { throw OnlyFromSpecs() }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw OnlyFromSpecs() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw OnlyFromSpecs() }
}

private struct FieldDecoder: SpecDecoder {
    let slot: FieldSlot
}

private struct GroupDecoder: SpecDecoder {
    let slots: [String: FieldSlot]

    func container<K>(keyedBy: K.Type) throws -> KeyedDecodingContainer<K> {
        KeyedDecodingContainer(Container(slots: slots))
    }

    struct Container<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let slots: [String: FieldSlot]
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { [] }

        func contains(_ key: Key) -> Bool { true }
        func decodeNil(forKey key: Key) throws -> Bool { false }
        func decode<T: Decodable>(_: T.Type, forKey key: Key) throws -> T {
            guard let slot = slots[key.stringValue] else { throw OnlyFromSpecs() }
            return try T(from: FieldDecoder(slot: slot))
        }
        func nestedContainer<N>(keyedBy: N.Type, forKey: Key) throws -> KeyedDecodingContainer<N> {
            throw OnlyFromSpecs()
        }
        func nestedUnkeyedContainer(forKey: Key) throws -> any UnkeyedDecodingContainer { throw OnlyFromSpecs() }
        func superDecoder() throws -> any Decoder { throw OnlyFromSpecs() }
        func superDecoder(forKey: Key) throws -> any Decoder { throw OnlyFromSpecs() }
    }
}
