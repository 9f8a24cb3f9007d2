package import LatheComponents
package import LatheSpec

/// Replaces matches of a regular expression, line by line.
package struct Replace: CleaningStep {
    package struct Config: ComponentConfig {
        @Field("A regular expression, matched within each line; line ends are not part of the line.") package
            var pattern: String
        @Field("Replacement for each match; $1 is its first group, $0 the whole match, $$ a dollar sign.") package
            var with = ""

        package init() {}

        package func check(_ problems: inout Problems) {
            do { _ = try Regex(pattern) } catch {
                problems.error("'\(pattern)' is not a valid regular expression: \(error)", at: $pattern.mark)
            }
        }
    }

    package static let name = "replace"
    package static let summary = "Replaces matches of a regular expression, line by line."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func makeCleaner() -> any Cleaner { ReplaceCleaner(config) }
}

private struct ReplaceCleaner: Cleaner {
    private enum Piece {
        case text(String)
        case group(Int)
    }

    private let regex: Regex<AnyRegexOutput>
    private let template: [Piece]
    /// The current line, not yet ended.
    private var line = ""
    private var replaced = 0
    /// The longest line in bytes: a match may need all of it in memory.
    private static let longestLine = 16 << 20

    init(_ config: Replace.Config) {
        do { regex = try Regex(config.pattern).matchingSemantics(.unicodeScalar) } catch {
            preconditionFailure("'\(config.pattern)' is not a valid regular expression: \(error)")
        }
        template = Self.pieces(config.with)
    }

    private static func pieces(_ template: String) -> [Piece] {
        var pieces: [Piece] = [], text = ""
        var rest = template[...]
        while let character = rest.popFirst() {
            guard character == "$", let next = rest.first else {
                text.append(character)
                continue
            }
            if next == "$" {
                text.append(rest.removeFirst())
            } else if let group = next.wholeNumberValue, next.isASCII {
                rest.removeFirst()
                pieces += [.text(text), .group(group)]
                text = ""
            } else {
                text.append(character)
            }
        }
        return pieces + [.text(text)]
    }

    mutating func clean(_ passage: inout Passage) throws {
        var output = ""
        // Search for line feed bytes: as a Swift Character, CR LF is one.
        var rest = passage.text.utf8[...]
        while let end = rest.firstIndex(of: 0x0a) {
            line += String(rest[..<end]) ?? ""
            output += replacing(line)
            output += "\n"
            line = ""
            rest = rest[rest.index(after: end)...]
        }
        line += String(rest) ?? ""
        guard line.utf8.count <= Self.longestLine else {
            throw DataError(
                "cleaning 'replace'",
                "a line is longer than \(Self.longestLine >> 20) MiB, and this step works line by line; remove the line"
            )
        }
        if passage.endsDocument {
            output += replacing(line)
            line = ""
        }
        passage.text = output
    }

    private mutating func replacing(_ line: String) -> String {
        let matches = line.matches(of: regex)
        guard !matches.isEmpty else { return line }
        var output = "", start = line.startIndex
        for match in matches {
            output += line[start..<match.range.lowerBound]
            for piece in template {
                switch piece {
                case .text(let text): output += text
                case .group(let group):
                    if group < match.output.count, let found = match.output[group].substring { output += found }
                }
            }
            start = match.range.upperBound
        }
        replaced += matches.count
        return output + line[start...]
    }

    var changes: [(name: String, count: Int)] { [("matches_replaced", replaced)] }
}
