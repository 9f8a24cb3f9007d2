/// The JSON Schema (draft-07) of a spec, for editors and other validators.
///
/// It accepts what Lathe accepts, as parsed by YAML 1.1 readers such as Python's, for which `1e-3` is a string, `no` is
/// a boolean and `name: 123` is a number. It is laxer than Lathe in two ways. Keys are required only at the top level,
/// and only if the file does not extend another, since an override may supply the others. And a component without
/// `type` may have the knobs of any component, since an extended file may name the type.
public struct JSONSchema: Sendable {
    private let lookup: any ComponentLookup

    public init(lookup: any ComponentLookup) { self.lookup = lookup }

    public func schema(of type: any FieldGroup.Type, title: String) -> Node {
        let fields = fields(of: type)
        let extends = Node.mapping([
            .init("description", .string("Specs that this one extends, as paths relative to this file.")),
            .init(
                "anyOf",
                .sequence([
                    .mapping([.init("type", .string("string"))]),
                    .mapping([
                        .init("type", .string("array")),
                        .init("items", .mapping([.init("type", .string("string"))])),
                    ]),
                ])),
        ])
        var entries: [Node.Entry] = [
            .init("$schema", .string("http://json-schema.org/draft-07/schema#")),
            .init("title", .string(title)),
        ]
        entries += object(fields, extra: [.init("extends", extends)])
        let required = fields.filter(\.isRequired).map { Node.string($0.key) }
        if !required.isEmpty {
            entries.append(.init("if", .mapping([.init("required", .sequence([.string("extends")]))])))
            entries.append(.init("then", .mapping([])))
            entries.append(.init("else", .mapping([.init("required", .sequence(required))])))
        }
        var definitions: [Node.Entry] = []
        let kinds = kinds(in: fields)
        for kind in lookup.kinds where kinds.contains(kind.name) {
            for component in lookup.components(of: kind.name) {
                definitions.append(.init(definition(kind.name, component.name), .mapping(object(component))))
            }
        }
        entries.append(.init("definitions", .mapping(definitions)))
        return .mapping(entries)
    }

    /// The kinds that a spec with these fields can hold, at any depth.
    private func kinds(in fields: [FieldDescription]) -> Set<String> {
        var found: Set<String> = []
        func visit(_ schema: Schema) {
            switch schema.mapping {
            case .group(let fields): fields.forEach { visit($0.schema) }
            case .list(let element, _, _): visit(element)
            case .dictionary(let value): visit(value)
            case .oneOf(let schemas): schemas.forEach(visit)
            case .component(let kind, _):
                guard found.insert(kind).inserted else { return }
                for component in lookup.components(of: kind) { component.fields.forEach { visit($0.schema) } }
            default: break
            }
        }
        fields.forEach { visit($0.schema) }
        return found
    }

    private func definition(_ kind: String, _ name: String) -> String {
        kind.map { $0 == " " ? "_" : String($0) }.joined() + "." + name
    }

    private func object(_ component: ComponentEntry) -> [Node.Entry] {
        let type = Node.mapping([
            .init("const", .string(component.name)), .init("description", .string(component.summary)),
        ])
        return [.init("description", .string(component.summary))]
            + object(component.fields, extra: [.init("type", type)])
    }

    private func object(_ fields: [FieldDescription], extra: [Node.Entry] = []) -> [Node.Entry] {
        let properties = fields.map { field in
            var entries: [Node.Entry] = [.init("description", .string(field.help))]
            if let standard = field.standard, let json = defaultValue(standard, field.schema) {
                entries.append(.init("default", json))
            }
            return Node.Entry(field.key, .mapping(entries + schema(field.schema)))
        }
        return [
            .init("type", .string("object")),
            .init("additionalProperties", .plain("false")),
            .init("properties", .mapping(extra + properties)),
        ]
    }

    /// The defaults of groups and slots follow from their own keys; a relative path would resolve to one on this
    /// machine.
    private func defaultValue(_ node: Node, _ schema: Schema) -> Node? {
        switch schema {
        case .group, .path: nil
        case .component(_, let standard): standard.map { .string($0) }
        default: node
        }
    }

    private func schema(_ schema: Schema) -> [Node.Entry] {
        switch schema {
        case .integer(let limits): number("integer", limits)
        case .number(let limits): number("number", limits)
        case .boolean: [.init("type", .string("boolean"))]
        case .string, .path: [.init("type", .sequence([.string("string"), .string("number"), .string("boolean")]))]
        case .choice(let words): [.init("enum", enumeration(words))]
        case .list(let element, let count, let orSingle): list(element, count, orSingle)
        case .dictionary(let value):
            [
                .init("type", .string("object")),
                .init("additionalProperties", .mapping(self.schema(value))),
            ]
        case .optional(let wrapped):
            [.init("anyOf", .sequence([.mapping([.init("type", .string("null"))]), .mapping(self.schema(wrapped))]))]
        case .either(let words, let other):
            [
                .init(
                    "anyOf",
                    .sequence([.mapping([.init("enum", enumeration(words))]), .mapping(self.schema(other))]))
            ]
        case .oneOf(let schemas): [.init("anyOf", .sequence(schemas.map { .mapping(self.schema($0)) }))]
        case .group(let fields): object(fields)
        case .component(let kind, _): component(kind)
        case .anything: []
        }
    }

    /// A number, or a string that looks like one, as YAML 1.1 reads `1e-3`.
    private func number(_ type: String, _ limits: Limits) -> [Node.Entry] {
        var number: [Node.Entry] = [.init("type", .string(type))]
        if let lower = limits.lower {
            number.append(.init(limits.isLowerOpen ? "exclusiveMinimum" : "minimum", .plain(lower)))
        }
        if let upper = limits.upper {
            number.append(.init(limits.isUpperOpen ? "exclusiveMaximum" : "maximum", .plain(upper)))
        }
        let pattern = #"^[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?$|^[-+]?0[xo][0-9a-fA-F]+$"#
        let text: [Node.Entry] = [.init("type", .string("string")), .init("pattern", .string(pattern))]
        return [.init("anyOf", .sequence([.mapping(number), .mapping(text)]))]
    }

    private func list(_ element: Schema, _ count: Limits, _ orSingle: Bool) -> [Node.Entry] {
        let items = schema(element)
        var list: [Node.Entry] = [.init("type", .string("array")), .init("items", .mapping(items))]
        if let lower = count.lower { list.append(.init("minItems", .plain(lower))) }
        if let upper = count.upper { list.append(.init("maxItems", .plain(upper))) }
        return orSingle ? [.init("anyOf", .sequence([.mapping(items), .mapping(list)]))] : list
    }

    /// A bare name, a mapping with `type`, or knobs only, for a slot with a default or a file that extends another.
    private func component(_ kind: String) -> [Node.Entry] {
        let components = lookup.components(of: kind)
        let references = components.map { component in
            Node.Entry("$ref", .string("#/definitions/" + definition(kind, component.name)))
        }
        let type = Node.Entry("required", .sequence([.string("type")]))
        let whole = references.map { Node.mapping([.init("allOf", .sequence([.mapping([$0])])), type]) }
        guard !components.isEmpty else { return [.init("not", .mapping([]))] }
        return [
            .init(
                "anyOf",
                .sequence([
                    .mapping([.init("enum", enumeration(components.map(\.name)))]),
                    .mapping([.init("type", .string("object")), .init("oneOf", .sequence(whole))]),
                    .mapping([
                        .init("type", .string("object")), .init("not", .mapping([type])),
                        .init("anyOf", .sequence(references.map { .mapping([$0]) })),
                    ]),
                ]))
        ]
    }

    /// Also allows booleans for words that YAML 1.1 reads as such.
    private func enumeration(_ words: [String]) -> Node {
        var values = words.map { Node.string($0) }
        if words.contains(where: { ["yes", "on", "true"].contains($0.lowercased()) }) { values.append(.plain("true")) }
        if words.contains(where: { ["no", "off", "false"].contains($0.lowercased()) }) {
            values.append(.plain("false"))
        }
        return .sequence(values)
    }
}
