/// Applies one layer of changes, such as all overrides of a command line, to a spec.
///
/// The order on the command line does not matter: shorter paths are applied first, `type` first among paths of equal
/// length, and drops last. So `model.layers=2 model.type=lstm` equals `model.type=lstm model.layers=2`.
struct OverrideLayer {
    private let merging: LayerMerge
    /// The values set by this layer, by path, to detect those set twice.
    private var set: [String: Override] = [:]
    private(set) var problems: [Diagnostic] = []
    /// The keys that were dropped, with the overrides' marks.
    private(set) var dropped: [DroppedKey: Mark] = [:]

    init(lookup: any ComponentLookup) { merging = LayerMerge(lookup: lookup) }

    /// Applies `overrides` to `node`. Those that cannot be applied are skipped and reported in `problems`.
    mutating func apply(_ overrides: [Override], to node: Node, schema: Schema) -> Node {
        var node = node
        let sets = overrides.enumerated().filter { $0.element.value != nil }
        let rank = { (item: (offset: Int, element: Override)) -> (Int, Int, Int) in
            (item.element.path.count, item.element.path.last?.key == "type" ? 0 : 1, item.offset)
        }
        for (_, override) in sets.sorted(by: { rank($0) < rank($1) }) {
            guard let value = override.value else { continue }
            do throws(Diagnostics) {
                node = try setting(value, at: override.path[...], of: node, schema, override)
            } catch {
                problems += error.list
            }
        }
        // Indices refer to the original list, so later items are dropped first.
        let drops = overrides.filter { $0.value == nil }
        for override in drops.sorted(by: { isDroppedBefore($0, $1) }) {
            do throws(Diagnostics) {
                if let twin = set.values.first(where: { $0.key == override.key || $0.key.hasPrefix(override.key + ".") }
                ) {
                    throw conflict(override, "both dropped and set, by '\(shortened(twin.source?.name ?? twin.key))'")
                }
                guard drops.filter({ $0.key == override.key }).count == 1 else {
                    throw conflict(override, "dropped twice")
                }
                node = try dropping(override.path[...], of: node)
            } catch {
                problems += error.list
            }
        }
        return node
    }

    private func isDroppedBefore(_ a: Override, _ b: Override) -> Bool {
        for (left, right) in zip(a.path, b.path) where left.key != right.key {
            if let left = Int(left.key), let right = Int(right.key) { return left > right }
            return left.key < right.key
        }
        return a.path.count > b.path.count
    }

    private func conflict(_ override: Override, _ what: String) -> Diagnostics {
        Diagnostics([Diagnostic("'\(override.key)' is \(what)", at: override.mark)])
    }

    /// Records what `value` sets. Setting the same value twice in a layer is a conflict.
    private mutating func claim(_ value: Node, _ path: String, _ override: Override) throws(Diagnostics) {
        if let entries = value.entries, !entries.isEmpty {
            for entry in entries { try claim(entry.value, path + "." + entry.key, override) }
        } else if let first = set[path] {
            let other = shortened(first.source?.name ?? first.key)
            throw Diagnostics([Diagnostic("'\(path)' is set twice, also by '\(other)'", at: override.mark)])
        } else {
            set[path] = override
        }
    }

    private mutating func setting(
        _ value: Node, at path: ArraySlice<Override.Segment>, of base: Node?, _ schema: Schema?, _ override: Override
    ) throws(Diagnostics) -> Node {
        guard let segment = path.first else {
            let value = schema?.slot != nil ? LayerMerge.component(value) : value
            try claim(value, override.key, override)
            return base.map { merging.merge($0, value, schema) } ?? value
        }
        let depth = override.path.count - path.count
        var base = base ?? Node(.mapping([]), mark: segment.mark)
        if base.isNull { base = Node(.mapping([]), mark: segment.mark) }
        if schema?.slot != nil { base = LayerMerge.component(base) }
        let rest = path.dropFirst()
        switch base.content {
        case .scalar:
            let parent = override.path.prefix(depth).map(\.key).joined(separator: ".")
            throw Diagnostics([
                Diagnostic("'\(parent)' is \(base.found), which has no keys", at: segment.mark)
            ])
        case .sequence(var items):
            let index = try index(segment, items.count, override.path.prefix(depth).map(\.key))
            items[index] = try setting(value, at: rest, of: items[index], schema?.element, override)
            return Node(.sequence(items), mark: base.mark)
        case .mapping(let entries):
            let isType = segment.key == "type" && rest.isEmpty && (schema?.slot != nil || schema == nil)
            if isType {
                try claim(value, override.key, override)
                let layer = Node(.mapping([.init("type", keyMark: segment.mark, value)]), mark: segment.mark)
                return merging.merge(base, layer, schema)
            }
            var merged = entries
            let child = merging.childSchemas(schema, type: base["type"]?.text)(segment.key)
            let index = merged.firstIndex { $0.key == segment.key }
            let old = index.map { merged[$0].value } ?? schema.flatMap { merging.standardList($0, base, segment.key) }
            let new = try setting(value, at: rest, of: old, child, override)
            if let index {
                merged[index].value = new
                if rest.isEmpty { merged[index].keyMark = segment.mark }
            } else {
                merged.append(.init(segment.key, keyMark: segment.mark, new))
            }
            return Node(.mapping(merged), mark: base.mark)
        }
    }

    private mutating func dropping(_ path: ArraySlice<Override.Segment>, of node: Node, parents: [String] = [])
        throws(Diagnostics) -> Node
    {
        guard let segment = path.first else { return node }
        let rest = path.dropFirst()
        let parent = parents.isEmpty ? "the spec" : "'\(parents.joined(separator: "."))'"
        switch node.content {
        case .scalar:
            throw Diagnostics([
                Diagnostic("\(parent) is \(node.found), which has no keys to drop", at: segment.mark)
            ])
        case .sequence(var items):
            let index = try index(segment, items.count, parents)
            if rest.isEmpty {
                items.remove(at: index)
            } else {
                items[index] = try dropping(rest, of: items[index], parents: parents + [segment.key])
            }
            return Node(.sequence(items), mark: node.mark)
        case .mapping(var entries):
            guard let index = entries.firstIndex(where: { $0.key == segment.key }) else {
                let keys = entries.map(\.key)
                let near = nearest(to: segment.key, in: keys).map { "; did you mean '\($0)'?" } ?? ""
                throw Diagnostics([
                    Diagnostic(
                        "there is no key '\(segment.key)' in \(parent) to drop\(near)", at: segment.mark,
                        note: keys.isEmpty ? nil : "keys present: \(listed(keys))")
                ])
            }
            if rest.isEmpty {
                entries.remove(at: index)
                dropped[DroppedKey(group: node.mark, key: segment.key)] = segment.mark
            } else {
                entries[index].value = try dropping(
                    rest, of: entries[index].value, parents: parents + [segment.key])
            }
            return Node(.mapping(entries), mark: node.mark)
        }
    }

    private func index(
        _ segment: Override.Segment, _ count: Int, _ parents: [String]
    ) throws(Diagnostics) -> Int {
        if let index = Int(segment.key), (0..<count).contains(index) { return index }
        let list = parents.isEmpty ? "the list" : "'\(parents.joined(separator: "."))'"
        let range = count == 0 ? "is empty" : "has items 0 to \(count - 1)"
        throw Diagnostics([
            Diagnostic(
                "'\(segment.key)' is not an item of \(list), which \(range)", at: segment.mark,
                note: "to add an item, set the whole list")
        ])
    }
}

extension LayerMerge {
    /// The default of a list that was not written, so that single items can be changed.
    fileprivate func standardList(_ schema: Schema, _ base: Node, _ key: String) -> Node? {
        let field = fields(schema, type: base["type"]?.text).first { $0.key == key }
        return field?.schema.element != nil ? field?.standard : nil
    }
}
