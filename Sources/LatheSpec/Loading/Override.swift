/// One change to a spec: `optimizer.learning_rate=3e-4` sets a key, `~schedule.warmup_steps` drops one.
public struct Override: Sendable {
    /// One key of the dotted path, or the index of a list's item.
    public struct Segment: Sendable {
        public var key: String
        public var mark: Mark?
    }

    public let path: [Segment]
    public let value: Node?
    public let source: SourceText?

    public var key: String { path.map(\.key).joined(separator: ".") }
    public var mark: Mark? { path.first?.mark }

    /// A change from a file, such as a sweep, rather than the command line.
    ///
    /// - Parameter mark: where the key was written.
    /// - Throws: `Diagnostics` if the key is not a dotted path.
    public init(_ key: String, to value: Node?, mark: Mark? = nil) throws(Diagnostics) {
        path = try Override.segments(key[...], start: mark)
        self.value = value
        source = mark?.source
    }

    /// Parses `key.path=value` or `~key.path`.
    ///
    /// A value that starts with `[`, `{` or a quotation mark is parsed as YAML; anything else is a plain scalar.
    ///
    /// - Parameter order: position among the overrides, by which diagnostics are sorted.
    /// - Throws: `Diagnostics` if the text is neither.
    public init(parsing text: String, order: Int = 0) throws(Diagnostics) {
        let source = SourceText(text, name: text, origin: .override, order: Override.firstOrder + order)
        self.source = source
        let text = source.text
        let start = Mark(source, line: 1, column: 1)
        func fail(_ message: String, note: String? = nil) -> Diagnostics {
            Diagnostics([Diagnostic(message, at: start, note: note)])
        }
        if text.hasPrefix("~") {
            let key = text.dropFirst()
            if let equals = key.firstIndex(of: "=") {
                throw fail("'~' drops a key and takes no value", note: "to drop it, write ~\(key[..<equals])")
            }
            path = try Override.segments(key, start: Mark(source, line: 1, column: 2))
            value = nil
            return
        }
        guard let equals = text.firstIndex(of: "=") else {
            throw fail("expected key.path=value, or ~key.path to drop a key", note: Override.hint(text))
        }
        let key = text[..<equals]
        if key.hasPrefix("+") {
            throw fail("a key cannot start with '+'", note: "write \(text.drop { $0 == "+" })")
        }
        path = try Override.segments(key, start: start)
        if path.count == 1, key == "extends" {
            throw fail("'extends' only works in files", note: "pass the other file's path instead of this one")
        }
        let written = text[text.index(after: equals)...]
        let column = key.unicodeScalars.count + 2
        let mark = Mark(source, line: 1, column: column)
        guard let first = written.first(where: { $0 != " " }), "[{\"'".contains(first) else {
            value = Node(.scalar(String(written), plain: true), mark: mark)
            return
        }
        let parsed = YAMLDocument(String(written), in: source, offset: column - 1)
        guard let node = parsed.node, parsed.problems.isEmpty else { throw Diagnostics(parsed.problems) }
        value = node
    }

    /// Overrides sort after the files, of which there are fewer than this.
    static let firstOrder = 1 << 20

    private static func hint(_ text: String) -> String? {
        if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            return "did you mean \(text[..<colon])=\(value)?"
        }
        if text.hasPrefix("-") { return "options go before or after the overrides and start with two dashes" }
        return text.isEmpty ? nil : "did you mean \(text)=…?"
    }

    private static func segments(_ key: Substring, start: Mark?) throws(Diagnostics) -> [Segment] {
        var segments: [Segment] = []
        var column = 0
        for part in key.split(separator: ".", omittingEmptySubsequences: false) {
            // A sweep's key may be quoted, which shifts columns; the start of the key is close enough.
            let mark = start.map {
                Mark($0.source, line: $0.line, column: $0.column + ($0.source.origin == .override ? column : 0))
            }
            if part.isEmpty || part.contains(where: \.isWhitespace) {
                let what = part.isEmpty ? "an empty key" : "a key with a space"
                throw Diagnostics([Diagnostic("\(what) in '\(shortened(key))'; expected key.path=value", at: mark)])
            }
            segments.append(Segment(key: String(part), mark: mark))
            column += part.unicodeScalars.count + 1
        }
        guard segments.count <= 32 else {
            throw Diagnostics([Diagnostic("more than 32 keys in one path", at: start)])
        }
        return segments
    }
}
