/// Anything with fields: a component's knobs, a nested group of a spec, or a whole spec. Every stored property is a
/// `@Field`.
public protocol FieldGroup: Decodable, Sendable {
    /// The group with its defaults, from which the declarations are read.
    init()
    /// Checks that concern several fields. Called once all fields of the group are valid; `$field.mark` says where.
    func check(_ problems: inout Problems)
}

/// The knobs of a component.
public typealias ComponentConfig = FieldGroup

extension FieldGroup {
    /// Nothing to check.
    public func check(_ problems: inout Problems) {}

    /// The group that `node` describes, with every problem found on the way.
    ///
    /// - Parameters:
    ///   - title: what messages call the group, such as `the sweep`.
    ///   - isPartial: whether a part of what was written could not be read, so that a missing key is no news.
    public static func read(
        _ node: Node, lookup: any ComponentLookup, title: String = "the spec", isPartial: Bool = false
    ) -> (value: Self?, problems: [Diagnostic]) {
        let reading = Reading(lookup, isPartial: isPartial)
        let value = read(node, reading, Place(title: title))
        return (value, reading.problems)
    }

    /// Every component chosen in the group, in order of declaration, those within components included.
    public var choices: [any AnyChosen] { declarations(of: self).flatMap(\.field.choices) }

    /// Every path in the group, in order of declaration, those within components included.
    public var paths: [SpecPath] { declarations(of: self).flatMap(\.field.paths) }

    /// The group with every value used, defaults too, in order of declaration. It reads back as the same group.
    public var resolved: Node { shown(Rendition()) }

    func shown(_ rendition: Rendition) -> Node {
        let standard = rendition.isCanonical ? declarations(of: Self()) : []
        var entries: [Node.Entry] = []
        for (index, declaration) in declarations(of: self).enumerated() {
            let field = declaration.field
            guard !rendition.isCanonical || field.isIdentity, let node = field.shown(rendition) else { continue }
            if rendition.isCanonical {
                // A component is always part of the identity, a value only when it is not the default.
                let isDefault = standard[index].field.shown(Rendition()) == field.shown(Rendition())
                if field.choices.isEmpty, isDefault || node.entries?.isEmpty == true { continue }
            }
            entries.append(.init(declaration.key, node))
        }
        return .mapping(rendition.isCanonical ? entries.sorted { $0.key < $1.key } : entries)
    }
}

/// The fields of a group type, in order of declaration.
public func fields(of type: any FieldGroup.Type) -> [FieldDescription] {
    declarations(of: type.init()).map { $0.field.description($0.key) }
}

/// A field of a group: the property's name and the key in YAML.
struct Declaration {
    var name: String
    var key: String
    var field: any DeclaredField
}

/// The fields of a group. The compiler stores `@Field var name` as `_name`.
func declarations(of group: any FieldGroup) -> [Declaration] {
    Mirror(reflecting: group).children.map { child in
        guard let field = child.value as? any DeclaredField, let label = child.label else {
            preconditionFailure("\(type(of: group)).\(child.label ?? "?") is stored but is not a @Field")
        }
        let name = String(label.dropFirst())
        return Declaration(name: name, key: snakeCase(name), field: field)
    }
}

/// `hiddenSize` as YAML writes it: `hidden_size`.
func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
}
