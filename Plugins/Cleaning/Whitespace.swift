package import LatheComponents
import LatheSpec

/// Normalizes white space: runs within a line become one space, lines are trimmed at both ends, and at most one empty
/// line stays between paragraphs. Line ends of any kind become `\n`.
package struct Whitespace: CleaningStep {
    package struct Config: ComponentConfig {
        package init() {}
    }

    package static let name = "whitespace"
    package static let summary = "Collapses runs of white space; keeps at most one empty line between paragraphs."

    package init(_ config: Config) {}

    package func makeCleaner() -> any Cleaner { WhitespaceCleaner() }
}

private struct WhitespaceCleaner: Cleaner {
    private var dropped = 0
    /// White space that was read but not yet written: whether there was any, and how many line ends it had.
    private var hasSpace = false
    private var lines = 0
    private var afterReturn = false
    private var isStart = true

    mutating func clean(_ passage: inout Passage) {
        var clean = String.UnicodeScalarView()
        for scalar in passage.text.unicodeScalars {
            let wasReturn = afterReturn
            afterReturn = scalar == "\r"
            dropped += 1
            if scalar == "\n" && wasReturn { continue }
            if isLineEnd(scalar) {
                lines += 1
                continue
            }
            if isSpace(scalar) {
                hasSpace = true
                continue
            }
            dropped -= 1
            writeSpace(to: &clean)
            clean.append(scalar)
            isStart = false
        }
        if passage.endsDocument {
            hasSpace = false
            writeSpace(to: &clean)
            (isStart, afterReturn) = (true, false)
        }
        passage.text = String(clean)
    }

    private mutating func writeSpace(to clean: inout String.UnicodeScalarView) {
        defer { (hasSpace, lines) = (false, 0) }
        if isStart {
            return
        } else if lines > 0 {
            for _ in 0..<min(lines, 2) { clean.append("\n") }
            dropped -= min(lines, 2)
        } else if hasSpace {
            clean.append(" ")
            dropped -= 1
        }
    }

    private func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}" || scalar == "\u{85}"
    }

    private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? scalar == " " || scalar == "\t" || scalar == "\u{b}" || scalar == "\u{c}" : scalar.properties.isWhitespace
    }

    var changes: [(name: String, count: Int)] { [("white_space_dropped", dropped)] }
}
