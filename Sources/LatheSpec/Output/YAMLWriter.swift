import LatheSystem

extension Node {
    /// YAML that reads back as the same node in both YAML 1.1 and 1.2: one key per line, lists of scalars in brackets,
    /// text quoted where a reader would take it for something else.
    public var yaml: String {
        var text = ""
        switch content {
        case .mapping(let entries) where !entries.isEmpty: YAMLWriter.write(entries, indent: 0, to: &text)
        case .sequence(let items) where !isFlow: YAMLWriter.write(items, indent: 0, to: &text)
        default: text = YAMLWriter.flow(self) + "\n"
        }
        return text
    }

    /// Whether the node is written on one line: a scalar, an empty collection, or a list of scalars.
    var isFlow: Bool {
        switch content {
        case .scalar: true
        case .sequence(let items): items.allSatisfy { $0.text != nil }
        case .mapping(let entries): entries.isEmpty
        }
    }
}

enum YAMLWriter {
    static func write(_ entries: [Node.Entry], indent: Int, to text: inout String, isFirstIndented: Bool = false) {
        for (index, entry) in entries.enumerated() {
            if !(index == 0 && isFirstIndented) { text += String(repeating: " ", count: indent) }
            text += quoted(entry.key) + ":"
            write(entry.value, indent: indent, to: &text)
        }
    }

    static func write(_ items: [Node], indent: Int, to text: inout String) {
        for item in items {
            text += String(repeating: " ", count: indent) + "-"
            if let entries = item.entries, !entries.isEmpty {
                text += " "
                write(entries, indent: indent + 2, to: &text, isFirstIndented: true)
            } else {
                write(item, indent: indent, to: &text)
            }
        }
    }

    /// The value after a key or a dash, with its separator.
    static func write(_ node: Node, indent: Int, to text: inout String) {
        if node.isFlow {
            text += " " + flow(node) + "\n"
        } else {
            text += "\n"
            switch node.content {
            case .mapping(let entries): write(entries, indent: indent + 2, to: &text)
            case .sequence(let items): write(items, indent: indent + 2, to: &text)
            case .scalar: break
            }
        }
    }

    static func flow(_ node: Node) -> String {
        switch node.content {
        case .scalar(let text, plain: true): plain(text)
        case .scalar(let text, plain: false): quoted(text)
        case .sequence(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { quoted($0.key) + ": " + flow($0.value) }.joined(separator: ", ") + "}"
        }
    }

    /// Stays unquoted if it reads back as itself: `null`, `true`, a number.
    private static func plain(_ text: String) -> String {
        if text.isEmpty { return "null" }
        let isNumber = NumberText(text) != nil
        return isNumber
            || ["~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"].contains(text)
            ? text : quoted(text)
    }

    /// Unquoted if both versions of YAML read it as text, otherwise in double quotes.
    static func quoted(_ text: String) -> String {
        isPlainText(text) ? text : escaped(text)
    }

    /// Words that YAML 1.1 or 1.2 does not read as text.
    private static let reserved: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    /// ASCII letters, digits, `_-./@+` and single spaces, starting with a letter, `_` or `/`. No number, date or
    /// indicator looks like that.
    private static func isPlainText(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, isLetter(first) || first == "_" || first == "/",
            text.unicodeScalars.last != " ", !text.contains("  "), !reserved.contains(text.lowercased())
        else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            isLetter(scalar) || ("0"..."9").contains(scalar) || "_-./@+ ".unicodeScalars.contains(scalar)
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func escaped(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                switch scalar.value {
                case 0..<0x20, 0x7F..<0xA0: result += "\\x" + hexadecimal(scalar.value, digits: 2)
                case 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: result += "\\u" + hexadecimal(scalar.value, digits: 4)
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
