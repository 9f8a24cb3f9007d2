/// How far the preparation of data is.
public struct PreparationProgress: Sendable, Hashable {
    public enum Phase: String, Sendable, Hashable, CaseIterable {
        /// Another process is preparing the same data.
        case waiting
        /// The source is finding or fetching its files.
        case gathering
        /// The source's files are being hashed to see whether they have changed.
        case hashing
        /// A damaged cache entry is being rebuilt.
        case rebuilding
        /// A cache entry that may have changed is being checked against its hashes.
        case verifying
        case cleaning
        case fitting
        case encoding
        /// The text is being scored under the language that generated it, or validation text compared with training
        /// text.
        case measuring
        /// Tokens are being exported to another program's format.
        case writing
    }

    public var phase: Phase
    /// Bytes done in this phase.
    public var done: Int
    /// Total bytes, if known.
    public var total: Int?
    /// What the source is doing while it gathers its files, in its own words.
    public var activity: String?
    /// A warning from the source, reported once.
    public var note: String?

    public init(_ phase: Phase, done: Int = 0, total: Int? = nil, activity: String? = nil) {
        self.phase = phase
        self.done = done
        self.total = total
        self.activity = activity
    }
}

/// Receives progress. Throwing cancels the preparation and leaves nothing half-made.
public typealias ProgressHandler = (PreparationProgress) throws -> Void
