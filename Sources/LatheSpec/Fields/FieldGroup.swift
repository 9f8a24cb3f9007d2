/// A set of fields: a component's knobs, a nested group of a spec, or a whole spec. Every stored property is a
/// `@Field`.
public protocol FieldGroup: Decodable, Sendable {
    /// The defaults; field declarations are read from this instance.
    init()
    /// Checks across fields, called once every field of the group is valid. Report problems at `$field.mark`.
    func check(_ problems: inout Problems)
    /// Other tools' names for keys of this spec, in snake case, each with the dotted keys that it may mean.
    static var foreignNames: [String: [String]] { get }
    /// The group as its identity sees it: values that mean the same are made equal.
    var identityForm: Self { get }
}

/// The knobs of a component.
public typealias ComponentConfig = FieldGroup

extension FieldGroup {
    public func check(_ problems: inout Problems) {}
    public static var foreignNames: [String: [String]] { [:] }
    public var identityForm: Self { self }

    /// Reads the group from `node` and reports every problem.
    ///
    /// - Parameters:
    ///   - title: how messages name the group, such as `the sweep`.
    ///   - isPartial: whether part of the spec could not be read, so that missing keys are not reported.
    public static func read(
        _ node: Node, lookup: any ComponentLookup, title: String = "the spec", isPartial: Bool = false
    ) -> (value: Self?, problems: [Diagnostic]) {
        read(node, lookup: lookup, title: title, isPartial: isPartial, dropped: [:])
    }

    static func read(
        _ node: Node, lookup: any ComponentLookup, title: String, isPartial: Bool, dropped: [DroppedKey: Mark]
    ) -> (value: Self?, problems: [Diagnostic]) {
        let reading = Reading(lookup, isPartial: isPartial, foreignNames: foreignNames, dropped: dropped)
        let value = read(node, reading, Place(title: title))
        return (value, reading.problems)
    }

    /// Every component chosen in the group, nested ones included, in order of declaration.
    public var choices: [any AnyChosen] { declarations(of: self).flatMap(\.field.choices) }

    /// Every path in the group, those of nested components included, in order of declaration.
    public var paths: [SpecPath] { declarations(of: self).flatMap(\.field.paths) }

    /// The group with every value, defaults included, in order of declaration. Reads back as the same group.
    public var resolved: Node { shown(Rendition()) }

    func shown(_ rendition: Rendition) -> Node {
        let standard = rendition.isCanonical ? declarations(of: Self()) : []
        var entries: [Node.Entry] = []
        let group = rendition.isCanonical ? identityForm : self
        for (index, declaration) in declarations(of: group).enumerated() {
            let field = declaration.field
            guard !rendition.isCanonical || field.isIdentity, let node = field.shown(rendition) else { continue }
            if rendition.isCanonical {
                // Components are always part of the identity, values only if they differ from the default.
                let isDefault = standard[index].field.shown(Rendition()) == field.shown(Rendition())
                if field.choices.isEmpty, isDefault || node.entries?.isEmpty == true { continue }
            }
            entries.append(.init(declaration.key, node))
        }
        return .mapping(rendition.isCanonical ? entries.sorted { $0.key < $1.key } : entries)
    }
}

public func fields(of type: any FieldGroup.Type) -> [FieldDescription] {
    declarations(of: type.init()).map { $0.field.description($0.key) }
}

/// A field with its property name and YAML key.
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
