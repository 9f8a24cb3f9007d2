public import LatheSpec

/// A way to cut text into tokens; fitted on the training split only.
public protocol Tokenizer: Component where Product == any Tokenizer {
    /// Learns a vocabulary from the training text, document by document.
    ///
    /// - Throws: ``DataError`` if the text cannot give one.
    func fit(_ training: TrainingText) throws -> any Vocabulary
    /// As `revision`, but for changes that affect only texts of several documents: specs of other texts keep their
    /// identities. Part of a run's identity where it is above 1.
    func documentRevision(for layout: DocumentLayout) -> Int
    /// Whether the vocabulary does not depend on the text, so that it is available without one.
    var isFixed: Bool { get }
    /// Restores a vocabulary from its saved ``Vocabulary/files``.
    ///
    /// - Throws: ``DataError`` with the file that is missing or damaged.
    func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary
}

/// A fitted tokenizer.
public protocol Vocabulary: Sendable {
    var size: Int { get }
    /// Why the tokens cannot reproduce the text, if they cannot; bits per byte are unknown then. An `<unk>` whose
    /// spelling is billed is not a loss.
    var lossReason: String? { get }
    /// Where to cut a text that is too long for one piece: the last place up to `limit` at which the tokens of both
    /// parts are those of the whole; `text.count` at the end, 0 if there is no such place.
    func cut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) -> Int
    func encode(_ text: UnsafeBufferPointer<UInt8>, into encoded: inout EncodedText) throws
    /// Appends the bytes of a token.
    func decode(_ id: Int, into bytes: inout [UInt8])
    /// Whether text may be arbitrary bytes; if not, it must be UTF-8.
    var acceptsAnyBytes: Bool { get }
    /// The id that stands between documents, if there is one. It stands for no bytes.
    var endOfText: Int? { get }
    /// Everything that ``Tokenizer/restore(_:)`` needs, as files of the run's `tokenizer/` folder.
    var files: [String: [UInt8]] { get }
}

extension Vocabulary {
    /// UTF-8 only by default.
    public var acceptsAnyBytes: Bool { false }
}

/// Tokens of a text and the bytes each came from.
public struct EncodedText: Sendable {
    public private(set) var ids: [UInt32] = []
    /// Bytes of text per token; kept only on request.
    public private(set) var byteCounts: [UInt32] = []
    /// What spelling out unknown words costs beyond their token, in nats, by token index: an unknown word is billed
    /// under a byte-unigram model of the training text, terminator included. Kept only on request.
    public private(set) var spellings: [(index: Int, nats: Double)] = []
    /// Whether `byteCounts` and `spellings` are kept.
    public let keepsOrigins: Bool

    public init(keepsOrigins: Bool) { self.keepsOrigins = keepsOrigins }

    /// Appends a token for `bytes` bytes of text. For an unknown word, `spelling` is the additional cost of its
    /// spelling in nats.
    public mutating func append(_ id: Int, bytes: Int, spelling: Double? = nil) {
        if keepsOrigins { note(bytes, spelling) }
        ids.append(UInt32(truncatingIfNeeded: id))
    }

    /// Appends tokens, each for `byteCount(id)` bytes.
    public mutating func append(contentsOf ids: UnsafeBufferPointer<UInt32>, byteCount: (UInt32) -> UInt32) {
        if keepsOrigins { for id in ids { byteCounts.append(byteCount(id)) } }
        self.ids.append(contentsOf: ids)
    }

    private mutating func note(_ bytes: Int, _ spelling: Double?) {
        if let spelling { spellings.append((ids.count, spelling)) }
        byteCounts.append(UInt32(bytes))
    }

    /// Removes all tokens but keeps the allocated memory.
    public mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        byteCounts.removeAll(keepingCapacity: true)
        spellings.removeAll(keepingCapacity: true)
    }
}

extension Tokenizer {
    public static var kind: Kind<any Tokenizer> { .tokenizer }
    public var product: any Tokenizer { self }
    public var isFixed: Bool { false }
    public func documentRevision(for layout: DocumentLayout) -> Int { 1 }
    /// Learns from a text that is one document.
    public func fit(_ training: UnsafeBufferPointer<UInt8>) throws -> any Vocabulary {
        try fit(TrainingText(training))
    }
}

extension Kind where Product == any Tokenizer {
    public static var tokenizer: Self {
        Self("tokenizer", summary: "Cuts text into tokens; fitted on the training split only.")
    }
}
