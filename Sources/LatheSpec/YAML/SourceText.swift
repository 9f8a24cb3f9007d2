/// A source of YAML: a file, or one command-line override.
///
/// Every `Mark` refers to its source, so that a diagnostic can always show the line.
public final class SourceText: Sendable {
    /// Decides how diagnostics name the source and what its relative paths are relative to.
    public enum Origin: Sendable, Hashable {
        /// Relative paths are relative to the file's folder.
        case file
        /// A command-line argument such as `optimizer.learning_rate=3e-4`. Relative paths are relative to the current
        /// directory.
        case override
    }

    public let origin: Origin
    /// The file's path as the user gave it, or the override itself.
    public let name: String
    /// The text, without a byte order mark; bytes that are not UTF-8 are replaced by U+FFFD.
    public let text: String
    /// Diagnostics are sorted by this: files in the order they are read, then overrides in the order they are given.
    public let order: Int

    public init(_ text: String, name: String, origin: Origin = .file, order: Int = 0) {
        self.text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        self.name = name
        self.origin = origin
        self.order = order
    }

    /// The base of relative paths, as the user gave it; empty for the current directory.
    public var directory: String {
        guard origin == .file, let slash = name.lastIndex(of: "/") else { return "" }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }
}

/// A position in a source.
public struct Mark: Sendable, Hashable {
    public let source: SourceText
    /// From 1; 0 means the whole source.
    public let line: Int
    /// In Unicode scalars, from 1; 0 means the whole source.
    public let column: Int

    public init(_ source: SourceText, line: Int, column: Int) {
        self.source = source
        self.line = line
        self.column = column
    }

    /// Marks all of `source`, for an empty or unreadable file.
    public static func whole(_ source: SourceText) -> Mark { Mark(source, line: 0, column: 0) }

    /// Compares sources by identity.
    public static func == (left: Mark, right: Mark) -> Bool {
        left.source === right.source && left.line == right.line && left.column == right.column
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(source))
        hasher.combine(line)
        hasher.combine(column)
    }
}
