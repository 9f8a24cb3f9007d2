/// Merges layers of a spec recursively, key by key. The exception: a layer that changes a component's `type` replaces
/// the whole component, since knobs do not carry over from one component to another.
///
/// In a component slot, a bare name is read as `{type: name}`, and a mapping without `type` as the slot's default
/// component.
struct LayerMerge {
    let lookup: any ComponentLookup

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
        // From here on the type in `layer`, if any, is either unchanged or new, so it determines the children.
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

    /// Expands a bare name to `{type: name}`.
    static func component(_ node: Node) -> Node {
        guard case .scalar = node.content, !node.isNull else { return node }
        return Node(.mapping([.init("type", keyMark: node.mark, node)]), mark: node.mark)
    }

    /// The schemas of a mapping's keys; `type` is its component type, if it has one.
    func childSchemas(_ schema: Schema?, type: String?) -> (String) -> Schema? {
        if case .dictionary(let value) = schema?.mapping {
            if case .anything = value { return { _ in nil } }
            return { _ in value }
        }
        let fields = fields(schema, type: type)
        return { key in fields.first { $0.key == key }?.schema }
    }

    /// The fields of a group or component.
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
    /// The schema with `optional` and `either` removed.
    var mapping: Schema {
        switch self {
        case .optional(let wrapped): wrapped.mapping
        case .either(_, let other): other.mapping
        default: self
        }
    }

    var slot: (kind: String, standard: String?)? {
        if case .component(let kind, let standard) = mapping { (kind, standard) } else { nil }
    }

    /// The schema of a list's items; nil if this is not a list.
    var element: Schema? {
        if case .list(let element, _, _) = mapping { element } else { nil }
    }
}
