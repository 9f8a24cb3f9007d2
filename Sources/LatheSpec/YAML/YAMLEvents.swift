import CYAML

/// A problem in YAML text that has no `SourceText` yet.
struct YAMLProblem: Error {
    var message: String
    var line: Int
    var column: Int
    var note: String?
}

/// Owns one libyaml parser and its current event, both on the heap: libyaml keeps pointers into the parser.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>
    private var hasEvent = false

    /// `bytes` must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        event = .allocate(capacity: 1)
        precondition(yaml_parser_initialize(parser) == 1, "out of memory")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        if hasEvent { yaml_event_delete(event) }
        yaml_parser_delete(parser)
        parser.deallocate()
        event.deallocate()
    }

    /// The event is valid until the next call.
    mutating func next() throws(YAMLProblem) -> UnsafePointer<yaml_event_t> {
        if hasEvent {
            yaml_event_delete(event)
            hasEvent = false
        }
        guard yaml_parser_parse(parser, event) == 1 else { throw problem() }
        hasEvent = true
        return UnsafePointer(event)
    }

    private func problem() -> YAMLProblem {
        let state = parser.pointee
        return YAMLProblem(
            libyaml: state.problem.map { String(cString: $0) } ?? "out of memory",
            at: (Int(state.problem_mark.line) + 1, Int(state.problem_mark.column) + 1),
            context: state.context.map { String(cString: $0) },
            contextAt: (Int(state.context_mark.line) + 1, Int(state.context_mark.column) + 1))
    }
}

extension YAMLProblem {
    /// Rewords libyaml's errors for people who do not know the YAML grammar; unknown ones are passed through.
    init(libyaml problem: String, at: (line: Int, column: Int), context: String?, contextAt: (line: Int, column: Int)) {
        let context = context ?? ""
        func here(_ message: String, note: String? = nil) -> YAMLProblem {
            YAMLProblem(message: message, line: at.line, column: at.column, note: note)
        }
        func opening(_ message: String) -> YAMLProblem {
            let noticed = at.line == contextAt.line ? nil : "noticed on line \(at.line)"
            return YAMLProblem(message: message, line: contextAt.line, column: contextAt.column, note: noticed)
        }
        switch (problem, context) {
        case (_, "while parsing a flow sequence"):
            self = opening("this '[' is not closed, or a ',' is missing after an item")
        case (_, "while parsing a flow mapping"):
            self = opening("this '{' is not closed, or a ',' is missing after an item")
        case (_, "while scanning a quoted scalar"):
            self = opening("this quotation mark is not closed")
        case ("mapping values are not allowed in this context", _):
            self = here(
                "unexpected ':'",
                note: "text that contains ': ' needs quotes; a key must line up with the keys above it")
        case ("could not find expected ':'", _):
            self = opening("expected 'key: value'")
        case ("did not find expected key", _):
            self = here("expected a key here", note: "all keys of a mapping start in the same column")
        case ("did not find expected '-' indicator", _):
            self = here("expected '-' here", note: "all items of a list start in the same column")
        case ("did not find expected node content", _):
            self = here("expected a value here")
        case ("did not find expected <document start>", _):
            self = here("a second document starts here; a file can contain only one")
        case ("found character that cannot start any token", _):
            self = here("this character cannot start a value", note: "put quotes around the text")
        case ("found unknown escape character", _):
            self = here("unknown escape in double quotes", note: "write '\\\\' for a backslash, or use single quotes")
        default:
            self = here("invalid YAML: " + problem + (context.isEmpty ? "" : " " + context))
        }
    }
}
