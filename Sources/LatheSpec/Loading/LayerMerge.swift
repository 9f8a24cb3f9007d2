/// Merges layers of a spec, deepest key by deepest key, with one exception: a layer that changes a component's `type`
/// replaces that component, since the knobs of one mean nothing to another.
///
/// Where a spec's declarations say that a component stands, a bare name counts as `{type: name}`, and a mapping without
/// `type` as the slot's default component.
struct LayerMerge {
    let lookup: any ComponentLookup

    /// `layer` on top of `base`.
    func merge(_ base: Node, _ layer: Node, _ schema: Schema?) -> Node {
        var base = base
        var layer = layer
        var standard: String?
        if let slot = schema?.slot {
            base = Self.component(base)
            layer = Self.component(layer)
            standard = slot.standard
        }
        guard let old = base.entries, let new = layer.entries else { return layer }
        let isComponent = schema?.slot != nil || (schema == nil && base["type"] != nil)
        if isComponent, let newType = layer["type"]?.text, let oldType = base["type"]?.text ?? standard,
            newType != oldType
        {
            return layer
        }
        var merged = old
        // From here on, `layer` decides what the children are: its type is the old one, or was not there before.
        let children = childSchemas(schema, type: (layer["type"] ?? base["type"])?.text)
        let places = Dictionary(merged.enumerated().map { ($1.key, $0) }) { first, _ in first }
        for entry in new {
            if let index = places[entry.key] {
                merged[index].keyMark = entry.keyMark
                merged[index].value = merge(merged[index].value, entry.value, children(entry.key))
            } else {
                merged.append(entry)
            }
        }
        return Node(.mapping(merged), mark: base.mark ?? layer.mark)
    }

    /// A bare name as a component's mapping.
    static func component(_ node: Node) -> Node {
        guard case .scalar = node.content, !node.isNull else { return node }
        return Node(.mapping([.init("type", keyMark: node.mark, node)]), mark: node.mark)
    }

    /// What stands under the keys of a mapping; `type` is the component's, if it is one.
    func childSchemas(_ schema: Schema?, type: String?) -> (String) -> Schema? {
        if case .dictionary(let value) = schema?.mapping { return { _ in value } }
        let fields = fields(schema, type: type)
        return { key in fields.first { $0.key == key }?.schema }
    }

    /// The fields of the group, or of the component, that a mapping is.
    func fields(_ schema: Schema?, type: String?) -> [FieldDescription] {
        switch schema?.mapping {
        case .group(let fields): fields
        case .component(let kind, let standard):
            (type ?? standard).flatMap { lookup.component($0, of: kind) }?.fields ?? []
        default: []
        }
    }
}

extension Schema {
    /// The schema without what may stand in place of a mapping or a list.
    var mapping: Schema {
        switch self {
        case .optional(let wrapped): wrapped.mapping
        case .either(_, let other): other.mapping
        default: self
        }
    }

    /// The component slot that this is.
    var slot: (kind: String, standard: String?)? {
        if case .component(let kind, let standard) = mapping { (kind, standard) } else { nil }
    }

    /// What the items of the list look like that this is.
    var element: Schema? {
        if case .list(let element, _, _) = mapping { element } else { nil }
    }
}
