/// How a field's values are described, read and written. Internal to the `@Field` initialisers, which choose one by
/// overload.
public struct FieldType<Value>: Sendable {
    /// Computed on demand, since a group's schema is large.
    var schema: Schema { makeSchema() }
    private let makeSchema: @Sendable () -> Schema
    /// Nil when a problem was noted.
    let read: @Sendable (Node, Reading, Place) -> Value?
    let show: @Sendable (Value, Rendition) -> Node

    init(
        schema: @autoclosure @escaping @Sendable () -> Schema,
        read: @escaping @Sendable (Node, Reading, Place) -> Value?,
        show: @escaping @Sendable (Value, Rendition) -> Node
    ) {
        makeSchema = schema
        self.read = read
        self.show = show
    }
}

/// Where a value sits in the spec, for messages.
struct Place {
    /// The key with its path through nested groups: `split.train`. Empty for the root and for a component itself.
    var path = ""
    /// The component that the key belongs to: `optimizer 'adamw'`.
    var component: String?
    /// How messages name the spec as a whole.
    var title: String

    /// `'betas' in optimizer 'adamw'`.
    var subject: String {
        path.isEmpty ? component ?? title : "'\(path)'" + (component.map { " in \($0)" } ?? "")
    }

    /// The suffix for messages about the group's keys: ` in optimizer 'adamw'`.
    var group: String {
        path.isEmpty ? " in \(component ?? title)" : " in '\(path)'" + (component.map { " of \($0)" } ?? "")
    }

    func key(_ key: String) -> Place {
        Place(path: path.isEmpty ? key : path + "." + key, component: component, title: title)
    }
}

/// A key that an override dropped, and the mapping it was in.
struct DroppedKey: Hashable {
    let group: Mark?
    let key: String
}

/// State shared while one spec is read: the available components, and the problems found so far.
final class Reading {
    let lookup: any ComponentLookup
    /// Whether part of the spec could not be read, so that missing keys are not reported.
    let isPartial: Bool
    let foreignNames: [String: [String]]
    /// Keys that overrides dropped, with the overrides' marks.
    let dropped: [DroppedKey: Mark]
    private(set) var problems: [Diagnostic] = []
    /// Unreadable values, whether or not they were reported.
    private(set) var failures = 0

    init(
        _ lookup: any ComponentLookup, isPartial: Bool, foreignNames: [String: [String]], dropped: [DroppedKey: Mark]
    ) {
        self.lookup = lookup
        self.isPartial = isPartial
        self.foreignNames = foreignNames
        self.dropped = dropped
    }

    func problem(_ message: String, at mark: Mark?, note: String? = nil) {
        add(Diagnostic(message, at: mark, note: note))
    }

    func missing(_ message: String, at mark: Mark?, note: String? = nil) {
        if isPartial { failures += 1 } else { problem(message, at: mark, note: note) }
    }

    func add(_ diagnostic: Diagnostic) {
        problems.append(diagnostic)
        if diagnostic.severity == .error { failures += 1 }
    }

    func mismatch(_ node: Node, _ place: Place, expected noun: String, hint: String? = nil) {
        problem(
            "\(place.subject): found \(node.found), expected \(noun)" + (hint.map { "; " + $0 } ?? ""), at: node.mark,
            note: hint == nil ? multirunHint(node) : nil)
    }

    /// For a value from the command line that looks like several.
    func multirunHint(_ node: Node) -> String? {
        guard case .scalar(let text, plain: true) = node.content, text.contains(","),
            node.mark?.source.origin == .override
        else { return nil }
        return "to train once with each value, add --multirun (-m) to 'lathe run'"
    }
}

/// The form that a value is written in: a resolved spec, or a run's identity.
struct Rendition: Sendable {
    /// Only what determines a run's results: no defaults, no fields marked `identity: false`, components with
    /// revisions.
    var isCanonical = false
    /// How a path is written.
    var path: @Sendable (SpecPath) -> String = { $0.resolved }
}

extension FieldType where Value: ScalarValue {
    static func scalar(_ bounds: Bounds<Value>? = nil) -> Self where Value: Comparable {
        let free = FieldType.scalar()
        guard let bounds else { return free }
        let limits = bounds.limits
        return FieldType(schema: Value.schema(limits)) { node, reading, place in
            guard let value = free.read(node, reading, place) else { return nil }
            if bounds.contains(value) { return value }
            reading.problem(
                "\(place.subject): found \(node.text ?? value.literal), must be \(limits.text)", at: node.mark)
            return nil
        } show: { value, rendition in
            free.show(value, rendition)
        }
    }

    static func scalar() -> Self {
        FieldType(schema: Value.schema(nil)) { node, reading, place in
            guard case .scalar(let text, let plain) = node.content else {
                reading.mismatch(node, place, expected: Value.noun)
                return nil
            }
            do throws(UnreadableScalar) {
                return try Value.read(text, plain: plain, mark: node.mark)
            } catch {
                reading.mismatch(node, place, expected: Value.noun, hint: error.hint)
                return nil
            }
        } show: { value, rendition in
            if let path = value as? SpecPath { .string(rendition.path(path)) } else { value.node }
        }
    }
}

extension FieldType {
    /// A list; with `orSingle`, a lone scalar is read as a list of one.
    static func list<E>(_ element: FieldType<E>, count: Bounds<Int>?, orSingle: Bool = false) -> Self
    where Value == [E] {
        let limits = count?.limits ?? Limits()
        return FieldType(schema: .list(of: element.schema, count: limits, orSingle: orSingle)) { node, reading, place in
            let items: [Node]
            switch node.content {
            case .sequence(let sequence): items = sequence
            case .scalar where orSingle && !node.isNull: items = [node]
            default:
                reading.mismatch(node, place, expected: "a list", hint: node.text.flatMap { _ in "write [a, b]" })
                return nil
            }
            if let count, !count.contains(items.count) {
                reading.problem(
                    "\(place.subject): found \(items.count) item\(items.count == 1 ? "" : "s"), must be \(limits.text)",
                    at: node.mark)
                return nil
            }
            let values = items.map { element.read($0, reading, place) }
            return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
        } show: { values, rendition in
            .sequence(values.map { element.show($0, rendition) })
        }
    }

    static func dictionary<E>(_ element: FieldType<E>) -> Self where Value == [String: E] {
        FieldType(schema: .dictionary(of: element.schema)) { node, reading, place in
            guard let entries = node.entries else {
                reading.mismatch(node, place, expected: "a mapping")
                return nil
            }
            var values: [String: E] = [:]
            for entry in entries {
                if let value = element.read(entry.value, reading, place.key(entry.key)) { values[entry.key] = value }
            }
            return values.count == entries.count ? values : nil
        } show: { values, rendition in
            .mapping(values.sorted { $0.key < $1.key }.map { .init($0.key, element.show($0.value, rendition)) })
        }
    }

    static func optional<E>(_ wrapped: FieldType<E>) -> Self where Value == E? {
        FieldType(schema: .optional(wrapped.schema)) { node, reading, place in
            node.isNull ? .some(nil) : wrapped.read(node, reading, place).map { .some($0) }
        } show: { value, rendition in
            value.map { wrapped.show($0, rendition) } ?? .plain("null")
        }
    }

    static func automatic<E>(_ wrapped: FieldType<E>) -> Self where Value == Automatic<E> {
        FieldType(schema: .either(words: ["auto"], or: wrapped.schema)) { node, reading, place in
            if node.text == "auto" { return .auto }
            if let text = node.text, NumberText(text) == nil {
                reading.mismatch(node, place, expected: "\(E.noun) or auto")
                return nil
            }
            return wrapped.read(node, reading, place).map { .value($0) }
        } show: { value, rendition in
            value.value.map { wrapped.show($0, rendition) } ?? .string("auto")
        }
    }

    static func group(_: Value.Type) -> Self where Value: FieldGroup {
        FieldType(schema: .group(fields(of: Value.self))) { node, reading, place in
            Value.read(node, reading, place)
        } show: { group, rendition in
            group.shown(rendition)
        }
    }

    static func wordOr<W, G>(_: Value.Type) -> Self where Value == WordOr<W, G> {
        let words = FieldType<W>.scalar()
        let group = FieldType<G>.group(G.self)
        return FieldType(schema: .either(words: W.allCases.map(\.rawValue), or: group.schema)) { node, reading, place in
            guard let text = node.text else {
                if node.items != nil {
                    reading.mismatch(node, place, expected: "\(W.noun), or a mapping")
                    return nil
                }
                return group.read(node, reading, place).map { .group($0) }
            }
            if let word = W(rawValue: text) { return .word(word) }
            reading.mismatch(node, place, expected: "\(W.noun), or a mapping")
            return nil
        } show: { value, rendition in
            switch value {
            case .word(let word): words.show(word, rendition)
            case .group(let value): group.show(value, rendition)
            }
        }
    }
}
