package import LatheComponents
package import LatheSpec

/// Replaces matches of a regular expression, line by line.
package struct Replace: CleaningStep {
    package struct Config: ComponentConfig {
        @Field("A regular expression, matched within each line; line ends (LF, CR LF) are not part of the line.")
        package
            var pattern: String
        @Field("Replacement for each match; $1 is its first group, $0 the whole match, $$ a dollar sign.") package
            var with = ""

        package init() {}

        package func check(_ problems: inout Problems) {
            do { _ = try Regex(pattern) } catch {
                return problems.error("'\(pattern)' is not a valid regular expression: \(error)", at: $pattern.mark)
            }
            // An empty alternative before the pattern matches anything, so that the match tells the number of groups.
            guard let groups = try? Regex("|" + pattern).prefixMatch(in: "").map({ $0.output.count - 1 }) else {
                return
            }
            for case .group(let group) in ReplacementTemplate(with).pieces where group > groups {
                problems.error(
                    "'\(with)' names group $\(group), but the pattern has \(groups == 0 ? "none" : "only \(groups)"); "
                        + "write $$ for a dollar sign",
                    at: $with.mark)
            }
        }
    }

    package static let name = "replace"
    package static let summary = "Replaces matches of a regular expression, line by line."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func makeCleaner() -> any Cleaner { ReplaceCleaner(config) }
}

private struct ReplacementTemplate {
    enum Piece {
        case text(String)
        case group(Int)
    }

    let pieces: [Piece]

    init(_ template: String) {
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
        self.pieces = pieces + [.text(text)]
    }
}

private struct ReplaceCleaner: Cleaner {
    private let regex: Regex<AnyRegexOutput>
    private let template: ReplacementTemplate
    /// The current line, not yet ended.
    private var line = ""
    private var replaced = 0
    /// The longest line in bytes: a match may need all of it in memory.
    private static let longestLine = 16 << 20

    init(_ config: Replace.Config) {
        do { regex = try Regex(config.pattern).matchingSemantics(.unicodeScalar) } catch {
            preconditionFailure("'\(config.pattern)' is not a valid regular expression: \(error)")
        }
        template = ReplacementTemplate(config.with)
    }

    mutating func clean(_ passage: inout Passage) throws {
        var output = ""
        // Search for line feed bytes: as a Swift Character, CR LF is one.
        var rest = passage.text.utf8[...]
        while let end = rest.firstIndex(of: 0x0a) {
            line += String(rest[..<end]) ?? ""
            let hasReturn = line.utf8.last == 0x0d
            if hasReturn { line.unicodeScalars.removeLast() }
            output += replacing(line)
            output += hasReturn ? "\r\n" : "\n"
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
            for piece in template.pieces {
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
