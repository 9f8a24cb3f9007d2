extension Diagnostics: CustomStringConvertible {
    public var description: String { rendered() }

    /// The problems as a person reads them, each with its line and a caret:
    /// ```
    /// experiments/gpt.yaml:14:3: error: unknown key 'lerning_rate' in optimizer 'adamw'; did you mean 'learning_rate'?
    ///    14 |   lerning_rate: 3e-4
    ///       |   ^
    /// ```
    /// - Parameter limit: the most problems to show; a last line counts the others.
    public func rendered(limit: Int = 100) -> String {
        var lineTables: [ObjectIdentifier: LineTable] = [:]
        var lines: [String] = []
        for diagnostic in list.prefix(limit) {
            lines += diagnostic.lines(&lineTables)
        }
        if list.count > limit { lines.append("and \(list.count - limit) more") }
        return lines.joined(separator: "\n")
    }
}

extension Diagnostic {
    /// `tables` is reused across diagnostics, since many problems share a file.
    fileprivate func lines(_ tables: inout [ObjectIdentifier: LineTable]) -> [String] {
        let says = "\(severity.rawValue): \(printable(message))"
        guard let mark else { return [says] + noteLines(indent: 2) }
        let place =
            mark.source.origin == .override
            ? "command line: " + shortened(printable(mark.source.name))
            : printable(mark.source.name) + (mark.line > 0 ? ":\(mark.line):\(mark.column)" : "")
        guard mark.line > 0 else { return ["\(place): \(says)"] + noteLines(indent: 2) }
        let table = tables[ObjectIdentifier(mark.source)] ?? LineTable(mark.source.text)
        tables[ObjectIdentifier(mark.source)] = table
        let (shown, caret) = excerpt(table.line(mark.line), column: mark.column)
        if mark.source.origin == .override {
            return ["\(place): \(says)", "      | " + shown, "      | " + caret] + noteLines(indent: 6)
        }
        let number = String(mark.line)
        let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
        let blank = String(repeating: " ", count: gutter.count)
        return ["\(place): \(says)", "\(gutter) | \(shown)", "\(blank) | \(caret)"]
            + noteLines(indent: gutter.count + 1)
    }

    private func noteLines(indent: Int) -> [String] {
        note.map { [String(repeating: " ", count: indent) + "= " + printable($0)] } ?? []
    }
}

/// The part of a line around `column`, at most about 120 scalars, and a line with a caret under that column.
private func excerpt(_ line: Substring, column: Int) -> (shown: String, caret: String) {
    let before = 80
    let window = 120
    let isLong = !line.unicodeScalars.dropFirst(window).isEmpty
    let skipped = isLong ? max(0, column - 1 - before) : 0
    let scalars = line.unicodeScalars.dropFirst(skipped)
    var shown = skipped > 0 ? "…" : ""
    var caret = skipped > 0 ? " " : ""
    for (index, scalar) in scalars.prefix(window).enumerated() {
        shown.unicodeScalars.append(printable(scalar))
        if index < column - 1 - skipped {
            caret += scalar == "\t" ? "\t" : String(repeating: " ", count: displayWidth(printable(scalar)))
        }
    }
    // A problem at the end of a file can be one column past the last.
    if scalars.count > window { shown += "…" }
    let reached = min(scalars.count, column - 1 - skipped)
    caret += String(repeating: " ", count: max(0, min(column - 1 - skipped - reached, 1)))
    return (shown, caret + "^")
}

/// Control characters can move the cursor, and bidirectional ones change how a line reads, so both are shown as U+FFFD.
private func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar == "\t" { return scalar }
    if (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value) { return "\u{FFFD}" }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return "\u{FFFD}"
    default: return scalar
    }
}

private func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars { result.unicodeScalars.append(scalar == "\n" ? " " : printable(scalar)) }
    return result
}

/// Terminal columns of a scalar: 2 for East Asian wide characters and emoji, 0 for combining marks.
private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x300: return 1
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        return 2
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
}
