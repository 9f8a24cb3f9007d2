package import LatheComponents
package import LatheSpec

/// Keeps documents whose length, in characters, is within bounds.
package struct LengthFilter: CleaningStep {
    package struct Config: ComponentConfig {
        @Field("Minimum length of a document, in characters.", in: 0...1_000_000_000_000) package var minimum = 1
        @Field("Maximum length of a document, in characters; no limit by default.", in: 1...1_000_000_000_000)
        package var maximum: Int?

        package init() {}

        package func check(_ problems: inout Problems) {
            if let maximum, maximum < minimum {
                problems.error(
                    "maximum \(maximum) is below minimum \(minimum), so every document would be dropped",
                    at: $maximum.mark, $minimum.mark)
            }
        }
    }

    package static let name = "length"
    package static let summary = "Drops documents that are too short or too long."

    private let config: Config

    package init(_ config: Config) { self.config = config }

    package func makeCleaner() -> any Cleaner { LengthCleaner(config) }
}

private struct LengthCleaner: Cleaner {
    private let minimum: Int
    private let maximum: Int?
    private var length = 0
    private var short = 0
    private var long = 0

    init(_ config: LengthFilter.Config) { (minimum, maximum) = (config.minimum, config.maximum) }

    mutating func clean(_ passage: inout Passage) {
        passage.text.makeContiguousUTF8()
        for byte in passage.text.utf8 where byte & 0xc0 != 0x80 { length += 1 }
        guard passage.endsDocument else { return }
        defer { length = 0 }
        guard !passage.dropsDocument else { return }
        if length < minimum {
            short += 1
            passage.dropsDocument = true
        } else if let maximum, length > maximum {
            long += 1
            passage.dropsDocument = true
        }
    }

    var changes: [(name: String, count: Int)] { [("documents_too_short", short), ("documents_too_long", long)] }
}
