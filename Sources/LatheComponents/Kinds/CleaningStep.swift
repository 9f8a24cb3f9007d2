public import LatheSpec

/// One step of cleaning, applied to documents before split and tokenizer.
public protocol CleaningStep: Component where Product == any CleaningStep {
    /// A cleaner for one pass over a corpus; it sees all passages in order and may remember what it saw.
    func makeCleaner() -> any Cleaner
}

/// The state of a cleaning step during one pass over a corpus.
public protocol Cleaner {
    /// Cleans a passage in place. `text` may become empty, and may hold back what only the passages to come decide, up to the document's end. To drop a document
    /// set `dropsDocument` where it ends. What comes of a document does not depend on where it is cut into passages.
    ///
    /// - Throws: ``DataError`` for text that the step cannot work on.
    mutating func clean(_ passage: inout Passage) throws
    /// What was changed so far, by name, for the data card: `["characters_dropped": 12]`.
    var changes: [(name: String, count: Int)] { get }
}

extension CleaningStep {
    /// The kind of cleaning steps: `data.cleaning` in a spec.
    public static var kind: Kind<any CleaningStep> { .cleaning }
    /// Itself.
    public var product: any CleaningStep { self }
}

extension Kind where Product == any CleaningStep {
    /// `data.cleaning`
    public static var cleaning: Self {
        Self("cleaning", place: "data.cleaning", summary: "A step of cleaning, before split and tokenizer.")
    }
}
