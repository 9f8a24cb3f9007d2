/// A spec, or a group of its keys: `data.split`.
public struct SpecSection: Sendable {
    /// The dotted key, or a spec's name: `experiment`.
    public let name: String
    public let summary: String
    public let fields: [FieldDescription]

    public init(_ name: String, _ summary: String, _ fields: [FieldDescription]) {
        self.name = name
        self.summary = summary
        self.fields = fields
    }

    /// A spec and every group in it.
    public static func all(of type: any FieldGroup.Type, name: String, summary: String) -> [SpecSection] {
        func groups(in fields: [FieldDescription], _ prefix: String) -> [SpecSection] {
            fields.flatMap { field -> [SpecSection] in
                guard case .group(let inner) = field.schema else { return [] }
                let name = prefix + field.key
                return [SpecSection(name, field.help, inner)] + groups(in: inner, name + ".")
            }
        }
        let fields = LatheSpec.fields(of: type)
        return [SpecSection(name, summary, fields)] + groups(in: fields, "")
    }
}

/// All kinds, components, sections of specs and knobs, as shown by `lathe components`.
public struct Catalogue: Sendable {
    public let kinds: [(kind: KindDescription, components: [ComponentEntry])]
    public let sections: [SpecSection]

    public init(_ lookup: any ComponentLookup, sections: [SpecSection] = []) {
        kinds = lookup.kinds.map { ($0, lookup.components(of: $0.name)) }
        self.sections = sections
    }

    /// The components of the kind called `name`, every component called `name`, or a section by its key or its last
    /// part, such as `split`.
    ///
    /// - Throws: `Diagnostics`, suggesting the nearest name, if nothing has that name.
    public func named(_ name: String) throws(Diagnostics) -> Catalogue {
        let wanted = name.replacing("_", with: " ")
        if let kind = kinds.first(where: { $0.kind.name == wanted || $0.kind.place == name }) {
            return Catalogue([kind], [])
        }
        let found = kinds.compactMap { kind, components in
            let named = components.filter { $0.name == name }
            return named.isEmpty ? nil : (kind, named)
        }
        guard found.isEmpty else { return Catalogue(found, []) }
        let section = sections.first { $0.name == name } ?? sections.first { $0.name.hasSuffix("." + name) }
        if let section { return Catalogue([], [section]) }
        let names = kinds.map(\.kind.name) + kinds.flatMap { $0.components.map(\.name) } + sections.map(\.name)
        let near = nearest(to: name, in: names).map { "; did you mean '\($0)'?" } ?? ""
        throw Diagnostics([
            Diagnostic(
                "no kind, component or section is named '\(shortened(name))'\(near)", at: nil,
                note: "kinds: \(listed(kinds.map(\.kind.name)))"
                    + (sections.isEmpty ? "" : "; sections: \(listed(sections.map(\.name)))"))
        ])
    }

    /// The same sections, and the kinds whose names are shown.
    public func filtered(_ isShown: (String) -> Bool) -> Catalogue {
        Catalogue(kinds.filter { isShown($0.kind.name) }, sections)
    }

    private init(_ kinds: [(kind: KindDescription, components: [ComponentEntry])], _ sections: [SpecSection]) {
        self.kinds = kinds
        self.sections = sections
    }

    /// One line per component or section.
    public var overview: String {
        var lines: [String] = []
        let width = kinds.flatMap { $0.components.map(\.name.count) }.max() ?? 0
        for (kind, components) in kinds {
            if !lines.isEmpty { lines.append("") }
            lines.append(heading(kind))
            lines += components.map { "  \(padded($0.name, width))  \($0.summary)" }
        }
        if !sections.isEmpty {
            lines += ["", "sections of a spec, whose keys the same command lists:"]
            lines += sections.map { "  \(padded($0.name, width))  \($0.summary)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Every knob with its type, range, default and purpose.
    public var details: String {
        var lines: [String] = []
        for (kind, components) in kinds {
            if !lines.isEmpty { lines.append("") }
            lines.append(heading(kind))
            for component in components {
                lines += ["", "  \(component.name)  \(component.summary)"]
                if component.fields.isEmpty { lines.append("    no knobs") }
                lines += knobs(component.fields, indent: 4)
            }
        }
        for section in sections {
            if !lines.isEmpty { lines.append("") }
            lines += ["\(section.name): \(section.summary)", ""] + knobs(section.fields, indent: 2)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The data behind `details`.
    public var node: Node {
        let kinds = kinds.map { kind, components in
            Node.mapping([
                .init("kind", .string(kind.name)), .init("place", .string(kind.place)),
                .init("summary", .string(kind.summary)),
                .init("components", .sequence(components.map(Self.node))),
            ])
        }
        let sections = sections.map { section in
            Node.mapping([
                .init("section", .string(section.name)), .init("summary", .string(section.summary)),
                .init("knobs", .sequence(section.fields.map(Self.node))),
            ])
        }
        return .sequence(kinds + sections)
    }

    private static func node(_ component: ComponentEntry) -> Node {
        .mapping([
            .init("name", .string(component.name)), .init("summary", .string(component.summary)),
            .init("revision", .plain("\(component.revision)")), .init("module", .string(component.module)),
            .init("knobs", .sequence(component.fields.map(node))),
        ])
    }

    private static func node(_ field: FieldDescription) -> Node {
        var entries: [Node.Entry] = [
            .init("key", .string(field.key)), .init("type", .string(field.schema.text)),
            .init("required", .plain("\(field.isRequired)")),
        ]
        if let standard = field.standard { entries.append(.init("default", standard)) }
        entries.append(.init("help", .string(field.help)))
        if case .group(let fields) = field.schema.mapping {
            entries.append(.init("knobs", .sequence(fields.map(node))))
        }
        return .mapping(entries)
    }

    private func heading(_ kind: KindDescription) -> String {
        let place = kind.place == kind.name ? "" : " (\(kind.place))"
        return kind.name + place + (kind.summary.isEmpty ? "" : ": " + kind.summary)
    }

    private func knobs(_ fields: [FieldDescription], indent: Int) -> [String] {
        let rows = fields.flatMap { Self.rows($0) }.map { [$0.key, $0.type, $0.standard, $0.help] }
        let widths = (0..<3).map { column in min(56, rows.map { $0[column].count }.max() ?? 0) }
        return rows.map { row in
            let cells = zip(row, widths).map { padded($0, $1) } + [row[3]]
            let line = String(repeating: " ", count: indent) + cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    struct Row {
        var key: String
        var type: String
        var standard: String
        var help: String
    }

    /// A field with the fields of its groups: `scope` and `scope.bytes`, `sources` and `sources[].weight`.
    static func rows(_ field: FieldDescription, prefix: String = "") -> [Row] {
        let key = prefix + field.key
        if case .group(let fields) = field.schema { return fields.flatMap { rows($0, prefix: key + ".") } }
        var standard = "required"
        if let node = field.standard {
            standard =
                if case .component(_, let name?) = field.schema { name } else {
                    node.yaml.split(separator: "\n").joined(separator: " ")
                }
        }
        var inner: [Row] = []
        if case .group(let fields) = field.schema.mapping { inner = fields.flatMap { rows($0, prefix: key + ".") } }
        if case .group(let fields)? = field.schema.element?.mapping {
            inner = fields.flatMap { rows($0, prefix: key + "[].") }
        }
        return [Row(key: key, type: field.schema.text, standard: standard, help: field.help)] + inner
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension Schema {
    /// The type and range in words: `number above 0`.
    public var text: String {
        func ranged(_ noun: String, _ limits: Limits) -> String {
            limits.interval.isEmpty ? noun : noun + " " + limits.interval
        }
        switch self {
        case .integer(let limits): return ranged("integer", limits)
        case .number(let limits): return ranged("number", limits)
        case .boolean: return "true or false"
        case .string: return "text"
        case .path: return "path"
        case .choice(let words): return words.joined(separator: ", ")
        case .list(let element, let count, let orSingle):
            let items = count.interval.isEmpty ? "" : ", count \(count.interval)"
            return (orSingle ? element.text + ", or " : "") + "list of " + element.text + items
        case .dictionary(let value): return "mapping to " + value.text
        case .optional(let wrapped): return wrapped.text + " or null"
        case .oneOf(let schemas): return schemas.map(\.text).joined(separator: ", or ")
        case .either(let words, let other): return words.joined(separator: ", ") + " or " + other.text
        case .group: return "mapping"
        case .component(let kind, _): return kind
        case .anything: return "anything"
        }
    }
}
