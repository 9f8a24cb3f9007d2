/// One problem with what the user wrote: data only; `Diagnostics.rendered` words and lays it out.
public struct Diagnostic: Sendable, Hashable {
    /// Whether the problem keeps the spec from being used.
    public enum Severity: String, Sendable, Hashable {
        /// The spec cannot be used.
        case error
        /// The spec can be used, but probably does not say what was meant.
        case warning
    }

    /// Whether the problem keeps the spec from being used.
    public var severity: Severity
    /// The place that the problem is about; nil when nobody wrote it.
    public var mark: Mark?
    /// What is wrong, what was found, what is allowed, what to do.
    public var message: String
    /// What helps beside the message, such as the names to choose from.
    public var note: String?

    /// A problem at `mark`.
    public init(_ message: String, at mark: Mark?, severity: Severity = .error, note: String? = nil) {
        self.severity = severity
        self.mark = mark
        self.message = message
        self.note = note
    }
}

/// All problems found in one pass, in source order, each once.
public struct Diagnostics: Error, Sendable, Hashable {
    /// The problems, in source order.
    public let list: [Diagnostic]

    /// Sorts the problems by source, line and column, and drops those that say the same of the same place.
    public init(_ list: [Diagnostic]) {
        func key(_ offset: Int, _ diagnostic: Diagnostic) -> (Int, Int, Int, Int) {
            guard let mark = diagnostic.mark else { return (-1, 0, 0, offset) }
            return (mark.source.order, mark.line, mark.column, offset)
        }
        var seen: Set<Diagnostic> = []
        self.list = list.enumerated()
            .sorted { key($0.offset, $0.element) < key($1.offset, $1.element) }
            .map(\.element)
            .filter { seen.insert($0).inserted }
    }

    /// Whether any of the problems is an error.
    public var hasErrors: Bool { list.contains { $0.severity == .error } }
}

/// Collects the problems that a check finds.
public struct Problems: Sendable {
    /// What was found so far.
    public private(set) var list: [Diagnostic] = []
    /// Where a problem goes whose own mark is nil.
    var standardMark: Mark?

    /// No problems yet.
    public init() {}

    /// Adds an error at `mark`, which usually is a field's: `$heads.mark`.
    public mutating func error(_ message: String, at mark: Mark?, note: String? = nil) {
        list.append(Diagnostic(message, at: mark ?? standardMark, note: note))
    }

    /// Adds a warning at `mark`.
    public mutating func warning(_ message: String, at mark: Mark?, note: String? = nil) {
        list.append(Diagnostic(message, at: mark ?? standardMark, severity: .warning, note: note))
    }
}
