import LatheSystem

extension Node {
    /// Parses one YAML document.
    ///
    /// Anchors and aliases are supported; tags, merge keys and multiple documents are errors.
    ///
    /// - Throws: `Diagnostics` with every problem, in source order.
    public init(parsing source: SourceText, limits: YAMLLimits = .init()) throws(Diagnostics) {
        let parsed = YAMLDocument(source.text, in: source, limits: limits)
        guard let node = parsed.node, parsed.problems.isEmpty else { throw Diagnostics(parsed.problems) }
        self = node
    }

    /// - Throws: `Diagnostics` if the file cannot be read or is not one YAML document.
    public init(file path: String, limits: YAMLLimits = .init()) throws(Diagnostics) {
        try self.init(parsing: SourceText(file: path, limits: limits), limits: limits)
    }
}

/// The result of parsing: the node, unless the text could not be parsed at all, and the problems.
struct YAMLDocument {
    var node: Node?
    var problems: [Diagnostic] = []

    /// Parses `text`, which starts `offset` scalars into the first line of `source`.
    init(_ text: String, in source: SourceText, limits: YAMLLimits = .init(), offset: Int = 0) {
        func fail(_ problem: YAMLProblem) {
            let column = problem.column + (problem.line == 1 ? offset : 0)
            let mark = Mark(source, line: problem.line, column: column)
            problems.append(Diagnostic(problem.message, at: mark, note: problem.note))
        }
        guard text.utf8.count <= limits.bytes else {
            problems = [Diagnostic("larger than \(byteCount(limits.bytes))", at: .whole(source))]
            return
        }
        if let problem = forbiddenCharacter(in: text) {
            fail(problem)
            return
        }
        var text = text
        var composed: [Diagnostic] = []
        let result = text.withUTF8 { bytes -> Result<Node?, YAMLProblem> in
            var composer = YAMLComposer(bytes, source: source, limits: limits, offset: offset)
            let result: Result<Node?, YAMLProblem>
            do throws(YAMLProblem) {
                result = .success(try composer.document())
            } catch {
                result = .failure(error)
            }
            composed = composer.problems
            return result
        }
        problems = composed
        switch result {
        case .success(let root?): node = root
        case .success(nil): problems.append(Diagnostic("the file is empty", at: .whole(source)))
        case .failure(let problem): fail(tabAware(problem, in: text))
        }
    }
}

/// A control character, which YAML allows only as an escape. Checked here because libyaml reports no line for it.
private func forbiddenCharacter(in text: String) -> YAMLProblem? {
    func allowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
            true
        default: false
        }
    }
    guard let index = text.unicodeScalars.firstIndex(where: { !allowed($0) }) else { return nil }
    let lines = LineTable(text)
    let (line, column) = lines.position(of: index)
    let value = text.unicodeScalars[index].value
    let escape = value <= 0xFF ? "\\x" + hexadecimal(value, digits: 2) : "\\u" + hexadecimal(value, digits: 4)
    let name = value == 0 ? "a NUL character" : "the control character U+\(hexadecimal(value, digits: 4))"
    return YAMLProblem(
        message: "\(name) is not allowed in YAML", line: line, column: column,
        note: "in double quotes, write it as \(escape)")
}

/// For a line indented with a tab, libyaml reports "a character that cannot start any token".
private func tabAware(_ problem: YAMLProblem, in text: String) -> YAMLProblem {
    let line = LineTable(text).line(problem.line)
    let indent = line.unicodeScalars.prefix { $0 == " " || $0 == "\t" }
    guard let tab = indent.firstIndex(of: "\t") else { return problem }
    let column = indent.distance(from: indent.startIndex, to: tab) + 1
    guard problem.column <= indent.count + 1 || problem.message.contains("tab") else { return problem }
    return YAMLProblem(
        message: "this line is indented with a tab; YAML requires spaces", line: problem.line, column: column)
}

func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

func byteCount(_ bytes: Int) -> String {
    bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
}
