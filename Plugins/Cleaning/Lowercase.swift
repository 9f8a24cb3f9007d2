package import LatheComponents
import LatheSpec

/// Lowercases text by Unicode's full mapping.
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

    mutating func clean(_ passage: inout Passage) {
        var clean = String.UnicodeScalarView()
        for scalar in passage.text.unicodeScalars {
            if scalar.isASCII {
                let isCapital = scalar.value >= 0x41 && scalar.value <= 0x5a
                changed += isCapital ? 1 : 0
                clean.append(isCapital ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
            } else {
                // Scalar by scalar, so that the result does not depend on where passages are cut.
                let mapped = scalar.properties.lowercaseMapping.unicodeScalars
                if mapped.count != 1 || mapped.first != scalar { changed += 1 }
                clean.append(contentsOf: mapped)
            }
        }
        passage.text = String(clean)
    }

    var changes: [(name: String, count: Int)] { [("letters_lowered", changed)] }
}
