public import LatheSpec

/// One step of cleaning, applied to documents before splitting and tokenizing.
public protocol CleaningStep: Component where Product == any CleaningStep {
    /// A cleaner for one pass over a corpus. It sees all passages in order and may keep state.
    func makeCleaner() -> any Cleaner
}

/// The state of a cleaning step during one pass over a corpus.
public protocol Cleaner {
    /// Cleans a passage in place. `text` may become empty. Text that depends on later passages may be held back until
    /// the document ends. To drop a document, set `dropsDocument` where it ends. The result must not depend on where a
    /// document is cut into passages.
    ///
    /// - Throws: ``DataError`` for text that the step cannot handle.
    mutating func clean(_ passage: inout Passage) throws
    /// Changes so far, by name, for the data card: `["characters_dropped": 12]`.
    var changes: [(name: String, count: Int)] { get }
}

extension CleaningStep {
    public static var kind: Kind<any CleaningStep> { .cleaning }
    public var product: any CleaningStep { self }
}

extension Kind where Product == any CleaningStep {
    public static var cleaning: Self {
        Self("cleaning", place: "data.cleaning", summary: "A cleaning step, applied before splitting and tokenizing.")
    }
}
