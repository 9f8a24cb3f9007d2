/// A problem with the user's input, as data; `Diagnostics.rendered` formats it.
public struct Diagnostic: Sendable, Hashable {
    public enum Severity: String, Sendable, Hashable {
        case error
        /// The spec is usable but probably not what was meant.
        case warning
    }

    public var severity: Severity
    /// Nil if the problem is not about anything that was written.
    public var mark: Mark?
    /// What is wrong, what was found, what is allowed, and what to do.
    public var message: String
    /// Additional help, such as the available names.
    public var note: String?

    public init(_ message: String, at mark: Mark?, severity: Severity = .error, note: String? = nil) {
        self.severity = severity
        self.mark = mark
        self.message = message
        self.note = note
    }
}

/// All problems found in one pass, in source order, without duplicates.
public struct Diagnostics: Error, Sendable, Hashable {
    public let list: [Diagnostic]

    /// Sorts by source, line and column, and removes duplicates.
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

    public var hasErrors: Bool { list.contains { $0.severity == .error } }
}

public struct Problems: Sendable {
    public private(set) var list: [Diagnostic] = []
    /// The mark for problems that have none of their own.
    var standardMark: Mark?

    public init() {}

    /// Marks are usually fields': `at: $width.mark, $heads.mark`. The problem is shown at the first that an override
    /// set, or else at the first.
    public mutating func error(_ message: String, at marks: Mark?..., note: String? = nil) {
        list.append(Diagnostic(message, at: culprit(marks), note: note))
    }

    public mutating func warning(_ message: String, at marks: Mark?..., note: String? = nil) {
        list.append(Diagnostic(message, at: culprit(marks), severity: .warning, note: note))
    }

    private func culprit(_ marks: [Mark?]) -> Mark? {
        let marks = marks.compactMap(\.self)
        return marks.first { $0.source.origin == .override } ?? marks.first ?? standardMark
    }
}
