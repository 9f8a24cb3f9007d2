/// One change to a spec: `optimizer.learning_rate=3e-4` sets a key, `~schedule.warmup_steps` drops one.
public struct Override: Sendable {
    /// One key of the dotted path, or the index of a list's item.
    public struct Segment: Sendable {
        /// The key.
        public var key: String
        /// Where it was written.
        public var mark: Mark?
    }

    /// The keys from the root to what is changed.
    public let path: [Segment]
    /// What is set; nil to drop the key.
    public let value: Node?
    /// The text that it was written in.
    public let source: SourceText?

    /// The dotted path.
    public var key: String { path.map(\.key).joined(separator: ".") }
    /// Where the change was written.
    public var mark: Mark? { path.first?.mark }

    /// A change that was not written on the command line: a sweep's, whose dotted keys stand in a file.
    ///
    /// - Parameter mark: where the key was written.
    /// - Throws: `Diagnostics` when the key is no dotted path.
    public init(_ key: String, to value: Node?, mark: Mark? = nil) throws(Diagnostics) {
        path = try Override.segments(key[...], start: mark)
        self.value = value
        source = mark?.source
    }

    /// Reads `key.path=value` or `~key.path`.
    ///
    /// A value that starts with `[`, `{` or a quotation mark is YAML; any other is a plain scalar, taken as it is.
    ///
    /// - Parameter order: the place among the overrides, by which diagnostics are sorted.
    /// - Throws: `Diagnostics` when the text is neither.
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
            throw fail("a key cannot start with '+'", note: "every key is set alike: \(text.drop { $0 == "+" })")
        }
        path = try Override.segments(key, start: start)
        if path.count == 1, key == "extends" {
            throw fail("'extends' works in files only", note: "give the other file's path in place of this one")
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

    /// Overrides are sorted behind the files, of which there are fewer than this.
    static let firstOrder = 1 << 20

    private static func hint(_ text: String) -> String? {
        if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            return "did you mean \(text[..<colon])=\(value)?"
        }
        if text.hasPrefix("-") { return "options stand before or after the overrides, and have two dashes" }
        return text.isEmpty ? nil : "did you mean \(text)=…?"
    }

    /// The keys of a dotted path that starts at `start`.
    private static func segments(_ key: Substring, start: Mark?) throws(Diagnostics) -> [Segment] {
        var segments: [Segment] = []
        var column = 0
        for part in key.split(separator: ".", omittingEmptySubsequences: false) {
            // A sweep's key may be quoted, which moves what is inside; its start is near enough.
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
