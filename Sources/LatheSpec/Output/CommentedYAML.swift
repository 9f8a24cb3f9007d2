extension Node {
    /// YAML with a comment after every key that gives its purpose and allowed values, as `lathe init` writes it. Reads
    /// back as the same node.
    ///
    /// - Parameter type: the type of the spec.
    public func commentedYAML(of type: any FieldGroup.Type, lookup: any ComponentLookup) -> String {
        guard let entries else { return yaml }
        var writer = CommentedYAMLWriter(merging: LayerMerge(lookup: lookup))
        writer.write(entries, .group(fields(of: type)), indent: 0)
        return writer.text
    }
}

private struct CommentedYAMLWriter {
    let merging: LayerMerge
    var text = ""
    /// Comments start here, unless the line is longer.
    private let commentColumn = 34

    init(merging: LayerMerge) { self.merging = merging }

    mutating func write(_ entries: [Node.Entry], _ schema: Schema?, indent: Int) {
        let type = entries.first { $0.key == "type" }?.value.text
        let fields = merging.fields(schema, type: type)
        let lookup = merging.lookup
        for entry in entries {
            let field = fields.first { $0.key == entry.key }
            var comment = field.map(describe)
            if entry.key == "type", field == nil, let slot = schema?.slot, let type {
                let others = lookup.components(of: slot.kind).map(\.name).filter { $0 != type }
                let summary = lookup.component(type, of: slot.kind)?.summary
                comment = [summary, others.isEmpty ? nil : "Or: \(listed(others))."].compactMap { $0 }
                    .joined(separator: " ")
            }
            write(entry, field?.schema, comment, indent: indent)
        }
    }

    private mutating func write(_ entry: Node.Entry, _ schema: Schema?, _ comment: String?, indent: Int) {
        var line = String(repeating: " ", count: indent) + YAMLWriter.quoted(entry.key) + ":"
        if entry.value.isFlow { line += " " + YAMLWriter.flow(entry.value) }
        if let comment, !comment.isEmpty {
            line += String(repeating: " ", count: max(2, commentColumn - line.count)) + "# " + comment
        }
        text += line + "\n"
        guard !entry.value.isFlow else { return }
        switch entry.value.content {
        case .mapping(let inner): write(inner, schema, indent: indent + 2)
        case .sequence(let items): YAMLWriter.write(items, indent: indent + 2, to: &text)
        case .scalar: break
        }
    }

    /// The purpose of a key, and its allowed values unless they are obvious.
    private func describe(_ field: FieldDescription) -> String {
        switch field.schema {
        case .group, .component, .boolean, .string, .path: field.help
        default: "\(field.help) (\(field.schema.text))"
        }
    }
}
