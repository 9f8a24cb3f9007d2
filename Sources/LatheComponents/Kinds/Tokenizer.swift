public import LatheSpec

/// A way to cut text into tokens; fitted on the training split only.
public protocol Tokenizer: Component where Product == any Tokenizer {
    /// Learns a vocabulary from the training text (UTF-8, memory-mapped).
    ///
    /// - Throws: ``DataError`` where the text cannot give one.
    func fit(_ training: UnsafeBufferPointer<UInt8>) throws -> any Vocabulary
    /// Whether the vocabulary is the same whatever the text, so that it can be had without one.
    var isFixed: Bool { get }
    /// The vocabulary that ``Vocabulary/files`` once saved.
    ///
    /// - Throws: ``DataError`` naming the file that is missing or damaged.
    func restore(_ files: [String: [UInt8]]) throws -> any Vocabulary
}

/// A fitted tokenizer.
public protocol Vocabulary: Sendable {
    /// The number of ids; each id is below it.
    var size: Int { get }
    /// Why the tokens cannot give the text back, where they cannot; bits per byte are unknown then. An `<unk>` whose spelling is billed is not
    /// a loss.
    var lossReason: String? { get }
    /// Where a text that is too long for one piece of work may be cut: the last place up to `limit` at which the tokens of both parts are those of
    /// the whole; `text.count` at the end, and 0 where there is no such place.
    func cut(_ text: UnsafeBufferPointer<UInt8>, before limit: Int) -> Int
    /// Appends the tokens of `text` (UTF-8).
    ///
    /// - Throws: ``DataError`` with the byte offset of text that has no token.
    func encode(_ text: UnsafeBufferPointer<UInt8>, into encoded: inout EncodedText) throws
    /// Appends the bytes of a token.
    func decode(_ id: Int, into bytes: inout [UInt8])
    /// Whether text may be any bytes; it must be UTF-8 otherwise.
    var acceptsAnyBytes: Bool { get }
    /// The id that ends a document, where there is one.
    var endOfText: Int? { get }
    /// All that ``Tokenizer/restore(_:)`` needs, as files of the run's `tokenizer/` folder.
    var files: [String: [UInt8]] { get }
}

extension Vocabulary {
    /// UTF-8 only.
    public var acceptsAnyBytes: Bool { false }
}

/// Tokens of a text, with where each came from.
public struct EncodedText: Sendable {
    /// The ids.
    public private(set) var ids: [UInt32] = []
    /// The bytes of text that each token stands for; kept only where asked for.
    public private(set) var byteCounts: [UInt32] = []
    /// What the spelling of unknown words costs beyond their token, in nats, by token index: an unknown word is billed under a
    /// byte-unigram model of the training text, terminator included. Kept only where asked for.
    public private(set) var spellings: [(index: Int, nats: Double)] = []
    /// Whether `byteCounts` and `spellings` are kept.
    public let keepsOrigins: Bool

    /// No tokens yet.
    public init(keepsOrigins: Bool) { self.keepsOrigins = keepsOrigins }

    /// Appends a token that stands for `bytes` bytes of text, and whose spelling costs `spelling` nats beyond it where it is an unknown word.
    public mutating func append(_ id: Int, bytes: Int, spelling: Double? = nil) {
        if keepsOrigins { note(bytes, spelling) }
        ids.append(UInt32(truncatingIfNeeded: id))
    }

    /// Appends tokens, each of which stands for as many bytes as `byteCount` says.
    public mutating func append(contentsOf ids: UnsafeBufferPointer<UInt32>, byteCount: (UInt32) -> UInt32) {
        if keepsOrigins { for id in ids { byteCounts.append(byteCount(id)) } }
        self.ids.append(contentsOf: ids)
    }

    private mutating func note(_ bytes: Int, _ spelling: Double?) {
        if let spelling { spellings.append((ids.count, spelling)) }
        byteCounts.append(UInt32(bytes))
    }

    /// Removes all tokens, and keeps the memory.
    public mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        byteCounts.removeAll(keepingCapacity: true)
        spellings.removeAll(keepingCapacity: true)
    }
}

extension Tokenizer {
    /// The kind of tokenizers: `tokenizer` in a spec.
    public static var kind: Kind<any Tokenizer> { .tokenizer }
    /// Itself.
    public var product: any Tokenizer { self }
    /// It is learned.
    public var isFixed: Bool { false }
}

extension Kind where Product == any Tokenizer {
    /// `tokenizer`
    public static var tokenizer: Self {
        Self("tokenizer", summary: "Cuts text into tokens; fitted on the training split only.")
    }
}
