/// The keys of a spec and of its components as Markdown tables.
public struct MarkdownReference {
    private let catalogue: Catalogue

    public init(_ catalogue: Catalogue) { self.catalogue = catalogue }

    public var text: String {
        var parts: [String] = []
        for section in catalogue.sections {
            // Groups have a section of their own.
            let fields = section.fields.filter { if case .group = $0.schema { false } else { true } }
            parts += ["## `\(section.name)`", Self.escaped(section.summary), Self.table(fields)]
        }
        for (kind, components) in catalogue.kinds {
            parts += ["## \(kind.name): `\(kind.place)`", Self.escaped(kind.summary)]
            for component in components {
                parts += ["### `\(component.name)`", Self.escaped(component.summary)]
                parts.append(component.fields.isEmpty ? "It has no keys." : Self.table(component.fields))
            }
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private static func table(_ fields: [FieldDescription]) -> String {
        guard !fields.isEmpty else { return "" }
        let rows = fields.flatMap { Catalogue.rows($0) }.map { row in
            let standard = row.standard == "required" ? row.standard : "`\(row.standard)`"
            let cells = ["`\(row.key)`", escaped(row.type), standard, escaped(row.help)]
            return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return (["| key | value | default | |", "| --- | --- | --- | --- |"] + rows).joined(separator: "\n")
    }

    /// Escapes what Markdown would take for a tag or for emphasis.
    private static func escaped(_ text: String) -> String {
        ["<", "*"].reduce(text) { $0.replacing($1, with: "\\" + $1) }
    }
}
