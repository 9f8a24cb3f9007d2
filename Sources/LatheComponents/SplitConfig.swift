public import LatheSpec

/// How a text is divided, by characters (Unicode scalars) or by documents, and in order: training first, then validation, then test.
///
/// A text of n characters gives ⌊n·train⌋ of them to training, as nanoGPT does; validation ends at ⌊n·(train + validation)⌋, test at
/// ⌊n·(train + validation + test)⌋, and a sum of 1 ends at n. Documents are divided likewise.
public struct SplitConfig: FieldGroup {
    /// What is counted.
    public enum Unit: String, Choice {
        /// Characters: a document may be cut in two.
        case characters
        /// Documents: each belongs to one split.
        case documents
    }

    /// What is counted.
    @Field("What the shares are counted in: characters, which may cut a document in two, or documents.") public var by =
        Unit.characters
    /// The share of the training split.
    @Field("Share of the text to train on.", above: 0, below: 1) public var train = 0.9
    /// The share of the validation split.
    @Field("Share of the text to validate on; it follows the training split.", above: 0, below: 1)
    public var validation = 0.1
    /// The share of the test split, none by default.
    @Field("Share of the text to test on; it follows the validation split.", in: 0..<1) public var test = 0.0

    /// nine parts to train on, one to validate on.
    public init() {}

    /// Shares of the text.
    public init(train: Double, validation: Double, test: Double = 0, by: Unit = .characters) {
        self.by = by
        self.train = train
        self.validation = validation
        self.test = test
    }

    /// The shares make at most the whole.
    public func check(_ problems: inout Problems) {
        let sum = train + validation + test
        guard sum > 1 + Self.slack else { return }
        problems.error(
            "train \(train), validation \(validation) and test \(test) make \(sum) of the text; they may make 1 at most",
            at: $validation.mark)
    }

    /// Where training, validation and test end among `count` characters or documents.
    public func ends(of count: Int) -> (train: Int, validation: Int, test: Int) {
        func end(_ share: Double) -> Int { share > 1 - Self.slack ? count : Int(Double(count) * share) }
        return (end(train), end(train + validation), end(train + validation + test))
    }

    /// What sums of decimal fractions may be off by.
    private static let slack = 1e-9
}
