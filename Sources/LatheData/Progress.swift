/// How far the preparation of data is.
public struct PreparationProgress: Sendable, Hashable {
    /// What is being done.
    public enum Phase: String, Sendable, Hashable, CaseIterable {
        /// Another process prepares the same data.
        case waiting
        /// The source finds its files, or fetches them.
        case gathering
        /// The source's files are hashed, to see whether they have changed.
        case hashing
        /// Something in the cache was damaged, and is made again.
        case rebuilding
        /// A cache entry that may have changed is compared with its hashes.
        case verifying
        /// The source is read and cleaned.
        case cleaning
        /// The tokenizer learns the training split.
        case fitting
        /// Text becomes tokens.
        case encoding
        /// The text is held against the language that made it, and validation against training text.
        case measuring
        /// Tokens are written as the files of another program.
        case writing
    }

    /// What is being done.
    public var phase: Phase
    /// Bytes done in this phase.
    public var done: Int
    /// Bytes in all, where known.
    public var total: Int?
    /// What the source does in words of its own, while it gathers its files.
    public var activity: String?

    /// Progress in a phase.
    public init(_ phase: Phase, done: Int = 0, total: Int? = nil, activity: String? = nil) {
        self.phase = phase
        self.done = done
        self.total = total
        self.activity = activity
    }
}

/// Hears of progress; what it throws ends the preparation, and leaves nothing half-made.
public typealias ProgressHandler = (PreparationProgress) throws -> Void
