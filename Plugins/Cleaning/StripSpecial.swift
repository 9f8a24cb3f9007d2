package import LatheComponents
import LatheSpec

/// Drops special characters and keeps prose: letters and digits of any script, white space, and `. , ; : ! ? ' " ( ) -
/// %`, so that acronyms and numbers survive (U.S., COVID-19, 3.5%, 1,000).
///
/// Typographic quotes, dashes and ellipses become their plain forms. Words separated only by a dropped character
/// (`and/or`) are separated by a space instead.
package struct StripSpecial: CleaningStep {
    package struct Config: ComponentConfig {
        package init() {}
    }

    package static let name = "strip_special"
    package static let summary =
        "Drops special characters; keeps letters, digits, basic punctuation, acronyms and numbers."

    package init(_ config: Config) {}

    package func makeCleaner() -> any Cleaner { StripSpecialCleaner() }
}

private struct StripSpecialCleaner: Cleaner {
    private var dropped = 0
    private var replaced = 0
    /// Whether the last character kept belongs to a word.
    private var inWord = false
    /// Whether something has been dropped since.
    private var hasGap = false

    mutating func clean(_ passage: inout Passage) {
        var clean = String.UnicodeScalarView()
        for scalar in passage.text.unicodeScalars {
            if scalar.isASCII ? isWordASCII(scalar) : isWord(scalar) {
                if inWord && hasGap { clean.append(" ") }
                clean.append(scalar)
                (inWord, hasGap) = (true, false)
            } else if scalar.isASCII ? isKeptASCII(scalar) : scalar.properties.isWhitespace {
                clean.append(scalar)
                (inWord, hasGap) = (false, false)
            } else if let plain = plainForm(scalar) {
                clean.append(contentsOf: plain.unicodeScalars)
                (inWord, hasGap) = (false, false)
                replaced += 1
            } else {
                dropped += 1
                // A soft hyphen, joiner or direction mark does not separate words.
                if scalar.properties.generalCategory != .format { hasGap = true }
            }
        }
        if passage.endsDocument { (inWord, hasGap) = (false, false) }
        passage.text = String(clean)
    }

    private func isWordASCII(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    private func isKeptASCII(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\n", "\r", ".", ",", ";", ":", "!", "?", "'", "\"", "(", ")", "-", "%": true
        default: false
        }
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber,
            .nonspacingMark, .spacingMark:
            true
        default: false
        }
    }

    private func plainForm(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}", "\u{2032}": "'"
        case "\u{201c}", "\u{201d}", "\u{201e}", "\u{201f}", "\u{ab}", "\u{bb}", "\u{2033}": "\""
        case "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2014}", "\u{2015}", "\u{2212}": "-"
        case "\u{2026}": "..."
        default: nil
        }
    }

    var changes: [(name: String, count: Int)] { [("characters_dropped", dropped), ("characters_replaced", replaced)] }
}
