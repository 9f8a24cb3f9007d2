import LatheComponents

/// A byte-level BPE vocabulary as read from its file.
struct BytePairRules: Sendable {
    /// Two neighbours that become one token.
    struct Merge: Sendable, Hashable {
        var left: UInt32
        var right: UInt32
        var result: UInt32
    }

    /// A token with text of its own that no merge produces: an added token of a `tokenizer.json`.
    struct Special: Sendable, Hashable {
        var text: [UInt8]
        var id: UInt32
        /// Whether its text becomes the token only by choice; if not, always.
        var isSpecial = true
        /// Whether it is looked for after the tokens that are not. There is no normalization, so nothing else differs.
        var isNormalized = false
    }

    /// Upper bound on the number of ids, which also limits what a file may allocate.
    static let mostTokens = 1 << 24

    /// The bytes of each id, including special tokens.
    var tokens = TokenBytes()
    /// The id of each byte.
    var byteIDs = [UInt32](repeating: 0, count: 256)
    /// In order of rank.
    var merges: [Merge] = []
    /// Whether merges are ranked by their result, as in a rank file. A piece that is itself a token then becomes that
    /// token, whatever its merges would give.
    var ranksByResult = false
    var specials: [Special] = []

    /// The text of the token that ends a document, in vocabularies that have one.
    static let endOfText = "<|endoftext|>"

    /// The id that ends a document.
    var endOfText: Int? { specials.first { $0.text == Array(Self.endOfText.utf8) }.map { Int($0.id) } }
}

struct TokenBytes: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]

    var count: Int { starts.count - 1 }

    /// Appends the bytes of the next id.
    mutating func append(_ token: some Collection<UInt8>) {
        bytes.append(contentsOf: token)
        starts.append(bytes.count)
    }

    subscript(id: Int) -> ArraySlice<UInt8> { bytes[starts[id]..<starts[id + 1]] }

    @inline(__always)
    func length(_ id: Int) -> Int { starts[id + 1] - starts[id] }
}
