public import LatheSpec

/// How a text is divided, by characters (Unicode scalars) or by documents, in order: training, validation, test.
///
/// A text of n characters gives the first ⌊n·train⌋ to training, as nanoGPT does; validation ends at ⌊n·(train +
/// validation)⌋, test at ⌊n·(train + validation + test)⌋, and a sum of 1 ends at n. Documents are divided likewise.
public struct SplitConfig: FieldGroup {
    public enum Unit: String, Choice {
        /// May cut a document in two.
        case characters
        /// Each document belongs to one split.
        case documents
    }

    @Field("What the shares are counted in: characters, which may cut a document in two, or documents.") public var by =
        Unit.characters
    @Field("Seed of a random order of the documents, in which they are then split; none keeps their order.") public
        var seed: UInt64?
    @Field("Share of the text to train on.", above: 0, below: 1) public var train = 0.9
    @Field("Share of the text to validate on; it follows the training split.", above: 0, below: 1)
    public var validation = 0.1
    /// None by default.
    @Field("Share of the text to test on; it follows the validation split.", in: 0..<1) public var test = 0.0

    /// 90 % training, 10 % validation.
    public init() {}

    public init(train: Double, validation: Double, test: Double = 0, by: Unit = .characters) {
        self.by = by
        self.train = train
        self.validation = validation
        self.test = test
    }

    /// Whether all is as by default.
    public var isDefault: Bool {
        let standard = SplitConfig()
        return by == standard.by && seed == nil && train == standard.train && validation == standard.validation
            && test == standard.test
    }

    public func check(_ problems: inout Problems) {
        if seed != nil, by != .documents {
            problems.error("a seed shuffles documents; set by: documents", at: $seed.mark)
        }
        let sum = train + validation + test
        guard sum > 1 + Self.slack else { return }
        problems.error(
            "train \(train), validation \(validation) and test \(test) add up to \(sum); the sum must be at most 1",
            at: $validation.mark, $train.mark, $test.mark)
    }

    /// Where training, validation and test end among `count` characters or documents.
    public func ends(of count: Int) -> (train: Int, validation: Int, test: Int) {
        func end(_ share: Double) -> Int { share > 1 - Self.slack ? count : Int(Double(count) * share) }
        return (end(train), end(train + validation), end(train + validation + test))
    }

    /// Tolerance for rounding in sums of decimal fractions.
    private static let slack = 1e-9
}
