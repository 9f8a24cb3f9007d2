package import LatheComponents
import LatheSpec

/// Lowercases text by Unicode's full mapping, with ς for a Σ that ends a word (SpecialCasing.txt, Final_Sigma).
package struct Lowercase: CleaningStep {
    package struct Config: ComponentConfig {
        package init() {}
    }

    package static let name = "lowercase"
    package static let summary = "Converts text to lower case."

    package init(_ config: Config) {}

    package func makeCleaner() -> any Cleaner { LowercaseCleaner() }
}

private struct LowercaseCleaner: Cleaner {
    private var changed = 0
    /// Whether a cased letter comes before, with nothing but case-ignorable characters in between.
    private var isAfterCased = false
    /// Text from a Σ on, as long as what follows has not decided its form. It begins with σ.
    private var held: String.UnicodeScalarView?

    mutating func clean(_ passage: inout Passage) {
        var clean = String.UnicodeScalarView()
        for scalar in passage.text.unicodeScalars {
            let isIgnorable = scalar.isASCII ? Self.isIgnorableASCII(scalar) : scalar.properties.isCaseIgnorable
            let isCased = scalar.isASCII ? Self.isLetter(scalar) : scalar.properties.isCased
            if held != nil, !isIgnorable { release(isFinal: !isCased, to: &clean) }
            if scalar == "Σ", isAfterCased { held = .init() }
            lower(scalar, to: &clean)
            if !isIgnorable { isAfterCased = isCased }
        }
        if passage.endsDocument {
            if held != nil { release(isFinal: true, to: &clean) }
            isAfterCased = false
        }
        passage.text = String(clean)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { (scalar.value | 0x20) &- 0x61 < 26 }

    /// `'` `.` `:` `^` and the grave accent.
    private static func isIgnorableASCII(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "." || scalar == ":" || scalar == "^" || scalar == "`"
    }

    private mutating func release(isFinal: Bool, to clean: inout String.UnicodeScalarView) {
        guard let text = held else { return }
        clean.append(isFinal ? "ς" : "σ")
        clean.append(contentsOf: text.dropFirst())
        held = nil
    }

    private mutating func append(_ scalar: Unicode.Scalar, to clean: inout String.UnicodeScalarView) {
        if held != nil { held?.append(scalar) } else { clean.append(scalar) }
    }

    private mutating func lower(_ scalar: Unicode.Scalar, to clean: inout String.UnicodeScalarView) {
        if scalar.isASCII {
            let isCapital = scalar.value >= 0x41 && scalar.value <= 0x5a
            changed += isCapital ? 1 : 0
            append(isCapital ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar, to: &clean)
        } else {
            // Scalar by scalar, so that the result does not depend on where passages are cut.
            let mapped = scalar.properties.lowercaseMapping.unicodeScalars
            if mapped.count != 1 || mapped.first != scalar { changed += 1 }
            for scalar in mapped { append(scalar, to: &clean) }
        }
    }

    var changes: [(name: String, count: Int)] { [("letters_lowered", changed)] }
}
