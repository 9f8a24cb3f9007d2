import LatheSystem

extension Node {
    /// Plain scalars other than numbers, `true`, `false` and `null` are written as strings.
    ///
    /// - Parameter indented: one value per line, or everything on one line without spaces.
    public func json(indented: Bool = true) -> String {
        var text = ""
        writeJSON(to: &text, indent: indented ? 0 : nil)
        return text
    }

    private func writeJSON(to text: inout String, indent: Int?) {
        func newline(_ depth: Int) {
            if let indent { text += "\n" + String(repeating: "  ", count: indent + depth) }
        }
        let inner = indent.map { $0 + 1 }
        switch content {
        case .scalar(let scalar, let plain):
            text += plain && Self.isJSONLiteral(scalar) ? scalar : plain && isNull ? "null" : JSONValue.quoted(scalar)
        case .sequence(let items) where items.allSatisfy { $0.text != nil }:
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += indent == nil ? "," : ", " }
                item.writeJSON(to: &text, indent: inner)
            }
            text += "]"
        case .sequence(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += "," }
                newline(1)
                item.writeJSON(to: &text, indent: inner)
            }
            newline(0)
            text += "]"
        case .mapping(let entries):
            text += "{"
            for (index, entry) in entries.enumerated() {
                if index > 0 { text += "," }
                newline(1)
                text += JSONValue.quoted(entry.key) + (indent == nil ? ":" : ": ")
                entry.value.writeJSON(to: &text, indent: inner)
            }
            if !entries.isEmpty { newline(0) }
            text += "}"
        }
    }

    /// Whether a plain scalar is valid JSON; YAML's `+1`, `.5`, `1_000`, `0x10` and `True` are not.
    private static func isJSONLiteral(_ text: String) -> Bool {
        if ["true", "false", "null"].contains(text) { return true }
        guard NumberText(text) != nil, !text.contains("_") else { return false }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isNumber, !digits.contains("x"), !digits.contains("o") else {
            return false
        }
        let whole = digits.prefix { $0.isNumber }
        let rest = digits[whole.endIndex...]
        let hasFraction = !rest.hasPrefix(".") || rest.dropFirst().first?.isNumber == true
        return hasFraction && (whole == "0" || !whole.hasPrefix("0"))
    }
}
