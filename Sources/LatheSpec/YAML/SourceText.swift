/// A text that YAML was read from: a file, or one override of the command line.
///
/// Every `Mark` refers to its source, so a diagnostic can show the line that it speaks of wherever it ends up.
public final class SourceText: Sendable {
    /// Where a text comes from; decides how a diagnostic names it and what its relative paths are relative to.
    public enum Origin: Sendable, Hashable {
        /// A file. Relative paths in it are relative to its folder.
        case file
        /// An argument of the command line such as `optimizer.learning_rate=3e-4`. Paths are relative to the current
        /// directory.
        case override
    }

    /// Where the text comes from.
    public let origin: Origin
    /// The file's path as the user gave it, or the override itself.
    public let name: String
    /// The text, without a byte order mark; bytes that are not UTF-8 are replaced by U+FFFD.
    public let text: String
    /// Diagnostics come out in this order: files as they are read, then overrides as they are given.
    public let order: Int

    /// A text that is already in memory.
    public init(_ text: String, name: String, origin: Origin = .file, order: Int = 0) {
        self.text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        self.name = name
        self.origin = origin
        self.order = order
    }

    /// The folder that relative paths in this text start from, as the user gave it: empty for the current directory.
    public var directory: String {
        guard origin == .file, let slash = name.lastIndex(of: "/") else { return "" }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }
}

/// A place in a source: line and column are counted from 1, the column in Unicode scalars.
public struct Mark: Sendable, Hashable {
    /// The text that the place is in.
    public let source: SourceText
    /// The line, from 1; 0 when the source as a whole is meant.
    public let line: Int
    /// The column in Unicode scalars, from 1; 0 when the source as a whole is meant.
    public let column: Int

    /// The place at `line` and `column` of `source`.
    public init(_ source: SourceText, line: Int, column: Int) {
        self.source = source
        self.line = line
        self.column = column
    }

    /// The whole of `source`: for an empty or unreadable file.
    public static func whole(_ source: SourceText) -> Mark { Mark(source, line: 0, column: 0) }

    /// Two marks are equal when they are the same place of the same source.
    public static func == (left: Mark, right: Mark) -> Bool {
        left.source === right.source && left.line == right.line && left.column == right.column
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(source))
        hasher.combine(line)
        hasher.combine(column)
    }
}
