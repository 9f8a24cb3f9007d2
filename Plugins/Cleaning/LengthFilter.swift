public import LatheComponents
public import LatheSpec

/// Keeps the documents of a certain length.
public struct LengthFilter: CleaningStep {
    /// The knobs of `length`.
    public struct Config: ComponentConfig {
        /// The least.
        @Field("The fewest characters of a document that stays.", in: 0...1_000_000_000_000) public var minimum = 1
        /// The most.
        @Field("The most characters of a document that stays; no limit by default.", in: 1...1_000_000_000_000)
        public var maximum: Int?

        /// Everything but empty documents.
        public init() {}

        /// There is a length between the two.
        public func check(_ problems: inout Problems) {
            if let maximum, maximum < minimum {
                problems.error(
                    "maximum \(maximum) is below minimum \(minimum), so that nothing would stay", at: $maximum.mark)
            }
        }
    }

    /// What a spec's `type` says.
    public static let name = "length"
    /// What it is.
    public static let summary = "Drops documents that are too short or too long."

    private let config: Config

    /// The step.
    public init(_ config: Config) { self.config = config }

    /// A cleaner that counts the documents that it drops.
    public func makeCleaner() -> any Cleaner { LengthCleaner(config) }
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
